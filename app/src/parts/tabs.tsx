/** Garden's tabs: arrows move, as the pattern of ARIA has it. */
import { useRef } from "preact/hooks";
import { keyTarget } from "./tab-keys.ts";

interface TabsProps<Name extends string> {
  readonly label: string;
  readonly names: readonly Name[];
  readonly titles: Readonly<Record<Name, string>>;
  readonly chosen: Name;
  readonly dir: "ltr" | "rtl";
  readonly onChoose: (name: Name) => void;
}

/** The id of a panel, which the page that shows it takes. */
export function panelId(name: string): string {
  return `panel-${name}`;
}

export function tabId(name: string): string {
  return `tab-${name}`;
}

export function Tabs<Name extends string>(props: TabsProps<Name>) {
  const { label, names, titles, chosen, dir, onChoose } = props;
  const list = useRef<HTMLDivElement>(null);
  const choose = (name: Name): void => {
    onChoose(name);
    list.current?.querySelector<HTMLElement>(`#${tabId(name)}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = keyTarget(event.key, names, chosen, dir);
    if (target === undefined) return;
    event.preventDefault();
    choose(target);
  };
  return (
    <div class="c-tab__list" role="tablist" aria-label={label} ref={list}>
      {names.map((name) => (
        <button
          key={name}
          id={tabId(name)}
          type="button"
          role="tab"
          class={`c-tab__list__item${name === chosen ? " is-selected" : ""}`}
          aria-selected={name === chosen}
          aria-controls={name === chosen ? panelId(name) : undefined}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => onChoose(name)}
          onKeyDown={onKeyDown}
        >
          {titles[name]}
        </button>
      ))}
    </div>
  );
}
