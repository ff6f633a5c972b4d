/** `POST /api/campaign`: a signed webhook with numbers to dial, each of which waits for its slot after the answer. */

import { Webhook, WebhookError } from "callslot/webhook";
import { after, type NextRequest } from "next/server";
import { slots } from "../../../lib/slots.js";

export const runtime = "nodejs";

export async function POST(request: NextRequest): Promise<Response> {
  const webhook = new Webhook(process.env.WEBHOOK_SECRET ?? "");
  type Campaign = { id: string; numbers: string[] };
  try {
    const { id, numbers } = await webhook.verify<Campaign>(await request.text(), request.headers);
    after(() => Promise.allSettled(numbers.map((number) => dial(`${id}-${number}`, number))));
    return new Response(null, { status: 202 });
  } catch (error) {
    if (error instanceof WebhookError) return new Response(error.message, { status: 400 });
    throw error;
  }
}

async function dial(id: string, number: string): Promise<void> {
  await using _call = await slots().call("sales", "outbound", { id, metadata: { number } });
  // Have your carrier dial here, and wait until they have talked.
}
