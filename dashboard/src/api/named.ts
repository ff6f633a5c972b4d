// Shapes of the API's document by short names, also those that stand in it only as items of a list.

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Actor = Schemas["Actor"];
export type Alert = Schemas["Alert"];
export type AlertPut = Schemas["AlertPut"];
export type AlertRule = Schemas["AlertRule"];
export type AuditEntry = Schemas["Page_AuditEntry"]["items"][number];
export type AuditState = NonNullable<AuditEntry["after"]>;
export type Delivery = Schemas["Page_Delivery"]["items"][number];
export type PastAlert = Schemas["Page_PastAlert"]["items"][number];
export type Webhook = Schemas["Webhook"];
export type WebhookCreate = Schemas["WebhookCreate"];
export type WebhookPatch = Schemas["WebhookPatch"];
export type WebhookTested = Schemas["WebhookTested"];
