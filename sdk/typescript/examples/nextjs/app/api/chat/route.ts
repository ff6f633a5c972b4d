/**
 * `POST /api/chat`: an answer of the agent, for which the conversation holds a slot while it is written. Who waits is told the
 * position in the same stream; who leaves gives the place up.
 */
import type { NextRequest } from "next/server";
import { slots } from "../../../lib/slots.js";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

export async function POST(request: NextRequest): Promise<Response> {
  const { conversation, text } = (await request.json()) as { conversation: string; text: string };
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const tell = (event: object) => {
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
      };
      try {
        await using call = await slots().call("support", "chat", {
          id: `${conversation}-${crypto.randomUUID()}`,
          maxWaitS: 120,
          signal: request.signal,
          onPosition: ({ position, estimatedWaitMs }) => tell({ position, estimatedWaitMs }),
        });
        const until = AbortSignal.any([request.signal, call.lost]);
        for await (const part of answer(text, until)) tell({ text: part });
      } catch (error) {
        if (!request.signal.aborted) tell({ error: String(error) });
      }
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** Your model's answer, part by part, until the signal is aborted. */
async function* answer(text: string, signal: AbortSignal): AsyncGenerator<string> {
  for (const word of `You said: ${text}`.split(" ")) {
    if (signal.aborted) return;
    yield `${word} `;
  }
}
