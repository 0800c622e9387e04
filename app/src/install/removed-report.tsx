/** What disable, enable or uninstall did, could not do, and what stays. */
import type { Removed } from "#install/disable";
import { useTexts } from "../app-context.ts";
import { Callout, Cause } from "../parts/callout.tsx";
import { Foreign } from "../parts/foreign.tsx";

export function RemovedReport({ removed }: { removed: Removed }) {
  const { install } = useTexts();
  const { outcome, message, remedy, did, failed, stays } = removed;
  return (
    <Callout kind={outcome === "failed" ? "error" : "success"} title={install.result}>
      <Cause message={message} remedy={remedy} />
      {failed.map((one) => (
        <Cause key={one.what} message={`${one.what}: ${one.message}`} remedy={one.remedy} />
      ))}
      <Items title={install.did} items={did} />
      <Items title={install.kept} items={stays} />
    </Callout>
  );
}

function Items({ title, items }: { title: string; items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <details>
      <summary>
        {title} ({items.length})
      </summary>
      <ul class="bullets">
        {items.map((item) => (
          <li key={item}>
            <Foreign>{item}</Foreign>
          </li>
        ))}
      </ul>
    </details>
  );
}
