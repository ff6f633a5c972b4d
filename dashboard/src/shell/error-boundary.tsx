import { Component, type ReactNode } from "react";
import { Button } from "../ui/control/button";
import { Note } from "../ui/message/note";
import { Page } from "../ui/page/page";

/** Keeps the shell in place when a page fails: its script does not load, or it has a bug. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <Page title="This page cannot be shown">
        <Note kind="danger" role="alert">
          It failed to load, or crashed. Check that the server responds, then reload the page.
        </Note>
        <div>
          <Button onClick={() => window.location.reload()}>Reload</Button>
        </div>
      </Page>
    );
  }
}
