//! Webhooks and their deliveries.

use crate::{
    Delivery, Page, Redeliver, Webhook, WebhookCreate, WebhookPatch, WebhookRotate, WebhookTested,
};

use super::{Client, ClientError, encoded, page};

impl Client {
    /// A page of webhooks.
    pub fn webhooks(&self, cursor: Option<&str>) -> Result<Page<Webhook>, ClientError> {
        self.get(&format!("/v1/webhooks{}", page(cursor)))
    }

    /// One webhook.
    pub fn webhook(&self, id: &str) -> Result<Webhook, ClientError> {
        self.get(&format!("/v1/webhooks/{}", encoded(id)))
    }

    /// Makes a webhook; its secret is in this answer only.
    pub fn create_webhook(&self, create: &WebhookCreate) -> Result<Webhook, ClientError> {
        self.send("POST", "/v1/webhooks", create)
    }

    /// Changes a webhook.
    pub fn change_webhook(&self, id: &str, patch: &WebhookPatch) -> Result<Webhook, ClientError> {
        self.send("PATCH", &format!("/v1/webhooks/{}", encoded(id)), patch)
    }

    /// Deletes a webhook.
    pub fn delete_webhook(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/webhooks/{}", encoded(id)))
    }

    /// Gives a webhook a new secret, which is in this answer only.
    pub fn rotate_webhook(&self, id: &str, rotate: &WebhookRotate) -> Result<Webhook, ClientError> {
        self.send("POST", &format!("/v1/webhooks/{}/rotate", encoded(id)), rotate)
    }

    /// Sends a test event, and returns what the receiver said.
    pub fn test_webhook(&self, id: &str) -> Result<WebhookTested, ClientError> {
        let path = format!("/v1/webhooks/{}/test", encoded(id));
        self.request("POST", &path, None::<&()>, &[])
    }

    /// Delivers again.
    pub fn redeliver(&self, id: &str, what: &Redeliver) -> Result<Webhook, ClientError> {
        self.send("POST", &format!("/v1/webhooks/{}/redeliver", encoded(id)), what)
    }

    /// A page of a webhook's attempts, newest first.
    pub fn deliveries(
        &self,
        id: &str,
        cursor: Option<&str>,
    ) -> Result<Page<Delivery>, ClientError> {
        self.get(&format!("/v1/webhooks/{}/deliveries{}", encoded(id), page(cursor)))
    }
}
