// How webhooks are read, made, changed and tried.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../api/client";
import type { Webhook, WebhookCreate, WebhookPatch, WebhookTested } from "../../api/named";
import { useSignedIn } from "../../auth/session";

export const WEBHOOKS = "webhooks";
export const DELIVERIES = "deliveries";

/** Deliveries go on while somebody looks. */
const EVERY_MS = 5_000;
const PAGE = 1_000;

/** The webhooks; only admins may read them. */
export function useWebhooks(isAllowed: boolean) {
  const { org } = useSignedIn();
  return useQuery({
    queryKey: [WEBHOOKS, org],
    enabled: isAllowed,
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }): Promise<Webhook[]> => {
      const webhooks: Webhook[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
        const page = await bodyOf(api.GET("/v1/webhooks", { params: { query }, signal }));
        webhooks.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return webhooks;
    },
  });
}

/** The attempts of a webhook, newest first, a page at a time. */
export function useDeliveries(id: string) {
  const { org } = useSignedIn();
  return useInfiniteQuery({
    queryKey: [DELIVERIES, org, id],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(pageParam !== null && { cursor: pageParam }) };
      const params = { path: { id }, query };
      return bodyOf(api.GET("/v1/webhooks/{id}/deliveries", { params, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next ?? null,
    // What is shown further down stays where it is: only the first page follows.
    refetchInterval: ({ state: { data } }) => (data?.pages.length === 1 ? EVERY_MS : false),
  });
}

/** Makes a webhook. The answer has its secret, as only that of a rotation has. */
export function createWebhook(body: WebhookCreate): Promise<Webhook> {
  return bodyOf(api.POST("/v1/webhooks", { body }));
}

export function changeWebhook(id: string, body: WebhookPatch): Promise<Webhook> {
  return bodyOf(api.PATCH("/v1/webhooks/{id}", { params: { path: { id } }, body }));
}

export async function deleteWebhook(id: string): Promise<void> {
  await bodyOf(api.DELETE("/v1/webhooks/{id}", { params: { path: { id } } }));
}

/** Gives it a new secret, beside which the old one signs for a day. */
export function rotateSecret(id: string): Promise<Webhook> {
  return bodyOf(api.POST("/v1/webhooks/{id}/rotate", { params: { path: { id } } }));
}

/** Sends a test event now. */
export function testWebhook(id: string): Promise<WebhookTested> {
  return bodyOf(api.POST("/v1/webhooks/{id}/test", { params: { path: { id } } }));
}

/** Delivers events again: those after a number, or those of some deliveries. */
export async function redeliver(
  id: string,
  body: { after: number } | { ids: string[] },
): Promise<void> {
  await bodyOf(api.POST("/v1/webhooks/{id}/redeliver", { params: { path: { id } }, body }));
}
