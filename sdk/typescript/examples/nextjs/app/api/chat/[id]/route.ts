/** `GET /api/chat/{id}`: how a call stands. `DELETE` ends it, from whatever process it was started. */

import { ProblemError } from "callslot";
import type { NextRequest } from "next/server";
import { slots } from "../../../../lib/slots.js";

interface Context {
  params: Promise<{ id: string }>;
}

export async function GET(_: NextRequest, { params }: Context): Promise<Response> {
  const { id } = await params;
  try {
    const { state, position, reason } = await slots().settings.call(id);
    return Response.json({ state, position, reason });
  } catch (error) {
    if (error instanceof ProblemError)
      return Response.json(error.problem, { status: error.status });
    throw error;
  }
}

export async function DELETE(_: NextRequest, { params }: Context): Promise<Response> {
  const { id } = await params;
  await slots().settings.endCalls({ ids: [id], note: "the visitor has left" });
  return new Response(null, { status: 204 });
}
