import type { ReactNode } from "react";
import { Section } from "../../ui/page/page";

/** Where everything that can be asked is written down. */
export function Reference() {
  return (
    <Section title="Reference">
      <ul className="grid gap-3 sm:grid-cols-2">
        <Document href="/docs" title="API reference">
          Every endpoint, with its fields, limits and errors.
        </Document>
        <Document href="/openapi.json" title="OpenAPI document">
          The same for programs, to generate clients from.
        </Document>
      </ul>
    </Section>
  );
}

function Document(props: { href: string; title: string; children: ReactNode }) {
  return (
    <li>
      <a
        href={props.href}
        className="block rounded-lg border border-line bg-surface p-4 shadow-card hover:bg-sunken"
      >
        <span className="font-medium text-accent">{props.title}</span>
        <span className="block text-muted">{props.children}</span>
      </a>
    </li>
  );
}
