import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { Gate } from "./auth/gate";
import { createQueries } from "./auth/queries";
import { useSignedIn } from "./auth/session";
import { SignOut } from "./auth/sign-out";
import { LiveProvider } from "./live/live-provider";
import { ConcurrencyPage } from "./pages/concurrency/concurrency-page";
import { ErrorBoundary } from "./shell/error-boundary";
import { Shell } from "./shell/shell";
import { useZone } from "./time-zone";
import { ToastProvider } from "./ui/message/toast-provider";
import { Toasts } from "./ui/message/toasts";
import { Loading } from "./ui/page/page";

// The landing page comes with the first script; the others when they are looked at.
const AgentsPage = lazy(async () => ({
  default: (await import("./pages/agents/agents-page")).AgentsPage,
}));
const AlertsPage = lazy(async () => ({
  default: (await import("./pages/alerts/alerts-page")).AlertsPage,
}));
const AuditPage = lazy(async () => ({
  default: (await import("./pages/audit/audit-page")).AuditPage,
}));
const CallsPage = lazy(async () => ({
  default: (await import("./pages/calls/calls-page")).CallsPage,
}));
const DevelopersPage = lazy(async () => ({
  default: (await import("./pages/developers/developers-page")).DevelopersPage,
}));
const GatesPage = lazy(async () => ({
  default: (await import("./pages/gates/gates-page")).GatesPage,
}));
const HistoryPage = lazy(async () => ({
  default: (await import("./pages/history/history-page")).HistoryPage,
}));
const OrganisationsPage = lazy(async () => ({
  default: (await import("./pages/organisations/organisations-page")).OrganisationsPage,
}));
const PlansPage = lazy(async () => ({
  default: (await import("./pages/plans/plans-page")).PlansPage,
}));
const WebhooksPage = lazy(async () => ({
  default: (await import("./pages/webhooks/webhooks-page")).WebhooksPage,
}));

const queries = createQueries();

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <ToastProvider>
        <Gate>
          <Pages />
        </Gate>
        <Toasts />
      </ToastProvider>
    </QueryClientProvider>
  );
}

function Pages() {
  const { org } = useSignedIn();
  const [location] = useLocation();
  const [zone] = useZone();
  if (org === "") return <FirstOrg />;
  return (
    <LiveProvider org={org}>
      <Shell>
        {/* A page begins anew for another organisation, and in another zone; the focus stays where it was chosen, in the shell. */}
        <ErrorBoundary key={`${org} ${location} ${zone}`}>
          <Suspense fallback={<Loading what="the page" />}>
            <Switch>
              <Route path="/concurrency" component={ConcurrencyPage} />
              <Route path="/calls" component={CallsPage} />
              <Route path="/agents" component={AgentsPage} />
              <Route path="/gates" component={GatesPage} />
              <Route path="/history" component={HistoryPage} />
              <Route path="/alerts" component={AlertsPage} />
              <Route path="/webhooks" component={WebhooksPage} />
              <Route path="/audit" component={AuditPage} />
              <Route path="/developers" component={DevelopersPage} />
              <Route path="/organisations" component={OrganisationsPage} />
              <Route path="/plans" component={PlansPage} />
              <Route>
                <Redirect to="/concurrency" replace />
              </Route>
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </Shell>
    </LiveProvider>
  );
}

/** What an operator sees while there is no organisation to look at. */
function FirstOrg() {
  return (
    <main>
      <ErrorBoundary>
        <Suspense fallback={<Loading what="the page" />}>
          <OrganisationsPage />
        </Suspense>
      </ErrorBoundary>
      <div className="mx-auto max-w-[1440px] px-4 sm:px-6 lg:px-8">
        <SignOut />
      </div>
    </main>
  );
}
