/** Which address our server may have: https, or this machine. Pure. */

/** The origin of an address, or what is wrong with it, as the end of a sentence. */
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

/** This machine, by name or number. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
