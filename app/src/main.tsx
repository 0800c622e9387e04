/** The entry point of the page in the navigation bar. */
import { render } from "preact";
import type { BundleTemplate } from "#install/bundle-template";
import { App, Apart } from "./app.tsx";
import type { Scheme } from "./app-context.ts";
import { readScheme, start } from "./start.ts";
import { languageOf, type Language } from "./texts/languages.ts";
import { openClient } from "./zaf/client.ts";
import "./styles/index.css";

/** JSON, put in by the build: one script, so that app and bundle can never be of different builds. */
declare const BUNDLE_TEMPLATE: string;

const root = document.querySelector("#app") ?? document.body;
const query = new URLSearchParams(location.search);

/** Nobody sees the console of an iframe, so unexpected errors are shown on the page. */
function showCrash(error: unknown): void {
  const { texts } = languageOf(document.documentElement.lang);
  render(
    <Apart
      title={texts.start.crashed}
      help={texts.start.crashedHelp}
      detail={error instanceof Error ? error.message : String(error)}
      texts={texts}
    />,
    root,
  );
}

function dress(language: Language, scheme: Scheme): void {
  document.documentElement.lang = language.locale.slice(0, 2);
  document.documentElement.dir = language.dir;
  document.documentElement.dataset["scheme"] = scheme;
}

async function main(): Promise<void> {
  const scheme = readScheme(query.get("colorScheme"));
  dress(languageOf("en"), scheme);
  const client = openClient(globalThis as Parameters<typeof openClient>[0]);
  if (client === null) {
    const { texts } = languageOf(navigator.language);
    const { outside, outsideHelp } = texts.start;
    render(<Apart title={outside} help={outsideHelp} texts={texts} />, root);
    return;
  }
  const started = await start({
    client,
    query,
    template: JSON.parse(BUNDLE_TEMPLATE) as BundleTemplate,
    now: () => new Date(),
    newId: () => crypto.randomUUID(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  });
  dress(started.language, started.scheme);
  const show = (scheme: Scheme): void => {
    dress(started.language, scheme);
    render(<App started={started} scheme={scheme} />, root);
  };
  show(started.scheme);
  client.on("colorScheme.changed", (scheme) => show(readScheme(scheme)));
  await client.invoke("resize", { width: "100%", height: "100vh" });
}

addEventListener("error", (event) => showCrash(event.error ?? event.message));
addEventListener("unhandledrejection", (event) => showCrash(event.reason));
main().catch(showCrash);
