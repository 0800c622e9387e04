/** Words of Zendesk, the server or a step, which are English in every language of the app. */
import type { ComponentChildren } from "preact";

export function Foreign({ children }: { children: ComponentChildren }) {
  return (
    <bdi lang="en" dir="auto">
      {children}
    </bdi>
  );
}
