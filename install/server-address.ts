/** What may be the address of our server: https, or this very machine. Pure. */

/** The origin of an address; otherwise what is wrong with it, as the end of a sentence. */
export function readServerAddress(
  text: string,
): { readonly origin: string } | { readonly problem: string } {
  const url = URL.parse(text);
  const isOrigin =
    url !== null && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "";
  if (!isOrigin || url.username !== "" || url.password !== "" || url.hash !== "") {
    return { problem: "is not a server's address: write it like https://caseqa.example.com" };
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return { problem: "would send tokens and tickets unencrypted: write https://" };
  }
  return { origin: url.origin };
}

/** This machine itself, by name or number. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
