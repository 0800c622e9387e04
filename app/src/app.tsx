/** The frame around the pages: heading, tabs, and a page's place; or the reason why none is shown. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { SharedAppContext, type AppContext, type Scheme } from "./app-context.ts";
import { HealthPage } from "./pages/health-page.tsx";
import { InstallPage } from "./pages/install-page.tsx";
import { LogPage } from "./pages/log-page.tsx";
import { SettingsPage } from "./pages/settings-page.tsx";
import { Mark } from "./parts/mark.tsx";
import { panelId, Tabs, tabId } from "./parts/tabs.tsx";
import type { Started } from "./start.ts";
import type { Texts } from "./texts/en.ts";
import { instantsIn } from "./texts/languages.ts";

const PAGES = ["install", "settings", "health", "log"] as const;
type PageName = (typeof PAGES)[number];

export function App({ started, scheme }: { started: Started; scheme: Scheme }) {
  const { language } = started;
  const { start } = language.texts;
  if (started.outcome === "not_admin") {
    return <Apart title={start.notAdmin} help={start.notAdminHelp} texts={language.texts} />;
  }
  if (started.outcome === "bad_url") {
    return <Apart title={start.badUrl} help={start.badUrlHelp} texts={language.texts} />;
  }
  return <Pages started={started} scheme={scheme} />;
}

interface PagesProps {
  readonly started: Extract<Started, { outcome: "ready" }>;
  readonly scheme: Scheme;
}

function Pages({ started, scheme }: PagesProps) {
  const { language, steps, introduce, endCalls } = started;
  const { texts, locale, dir } = language;
  const [page, setPage] = useState<PageName>("install");
  const Part = PARTS[page];
  const [said, setSaid] = useState("");
  const context = useMemo(
    (): AppContext => ({
      steps,
      introduce,
      endCalls,
      language,
      scheme,
      instant: instantsIn(locale),
      announce: setSaid,
    }),
    [steps, introduce, endCalls, language, scheme, locale],
  );
  return (
    <SharedAppContext.Provider value={context}>
      <header>
        <div class="bar">
          <Mark />
          <h1>{texts.title}</h1>
          <span class="quiet" dir="auto">
            {texts.common.account(steps.subdomain)}
          </span>
        </div>
        <Tabs
          label={texts.title}
          names={PAGES}
          titles={texts.pages}
          chosen={page}
          dir={dir}
          onChoose={setPage}
        />
      </header>
      <main>
        <div class="page" id={panelId(page)} role="tabpanel" aria-labelledby={tabId(page)}>
          <Part />
        </div>
      </main>
      <p class="visually-hidden" role="status" aria-live="polite">
        {said}
      </p>
    </SharedAppContext.Provider>
  );
}

const PARTS: Readonly<Record<PageName, () => JSX.Element | null>> = {
  install: InstallPage,
  settings: SettingsPage,
  health: HealthPage,
  log: LogPage,
};

interface ApartProps {
  readonly title: string;
  readonly help: string;
  readonly detail?: string;
  readonly texts: Texts;
}

/** Shown instead of the pages. */
export function Apart({ title, help, detail, texts }: ApartProps) {
  return (
    <main class="apart">
      <Mark />
      <p class="quiet">{texts.title}</p>
      <h1>{title}</h1>
      <p>{help}</p>
      {detail === undefined ? null : (
        <pre dir="auto" role="alert">
          {detail}
        </pre>
      )}
    </main>
  );
}
