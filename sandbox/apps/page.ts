/** The stand-in's HTML: the agent interface around an app, and the sign-in. */
import type { AppUser } from "./users.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}

export interface HostPage {
  readonly title: string;
  readonly user: AppUser;
  readonly colorScheme: "light" | "dark";
  readonly locale: string;
  /** The app's icon for the bar. */
  readonly icon: string;
  readonly boot: object;
}

const RIGHT_TO_LEFT = /^(ar|fa|he|ur)\b/;

const headOf = (title: string) => `<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/zaf/host.css">
</head>`;

export function hostPage({ title, user, colorScheme, locale, icon, boot }: HostPage): string {
  // Inside a script element only `<` could end it.
  const json = JSON.stringify(boot).replaceAll("<", "\\u003c");
  const direction = RIGHT_TO_LEFT.test(locale) ? "rtl" : "ltr";
  return `<!doctype html>
<html lang="${escapeHtml(locale)}" dir="${direction}" data-color-scheme="${colorScheme}">
${headOf(title)}
<body>
<nav aria-label="Zendesk stand-in"><img src="${escapeHtml(icon)}" alt=""></nav>
<header>
<strong>${escapeHtml(title)}</strong>
<button type="button" id="scheme">Light or dark</button>
<span>${escapeHtml(user.name)} (${user.role})</span>
<a href="/access/logout">Sign out</a>
</header>
<main id="app"></main>
<div id="notices" role="status"></div>
<script type="application/json" id="boot">${json}</script>
<script type="module" src="/zaf/host.js"></script>
</body>
</html>
`;
}

export function plainPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
${headOf(title)}
<body class="plain">
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

export function signInPage(users: readonly AppUser[], returnTo: string): string {
  const options = users
    .map(({ email, name, role }) => {
      const label = escapeHtml(`${name} (${role})`);
      return `<option value="${escapeHtml(email ?? "")}">${label}</option>`;
    })
    .join("");
  const form = `<form method="post" action="/access/login">
<p><label>Who <select name="email">${options}</select></label></p>
<input type="hidden" name="return_to" value="${escapeHtml(returnTo)}">
<button type="submit">Sign in</button>
</form>`;
  return plainPage("Sign in to the Zendesk stand-in", form);
}
