// Asking the server for pages, and sending it forms.

export async function fetchPage(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  // A session that is over leads to the sign-in page: go there rather than showing it in pieces.
  if (response.redirected && new URL(response.url).pathname === "/login") location.reload();
  if (!response.ok) throw new Error(`${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Also when the page is left meanwhile, but for files, which are too much for that. */
export async function post(form, headers = {}, submitter = null) {
  const data = new FormData(form, submitter);
  const files = [...data.values()].some((value) => value instanceof File && value.name);
  const response = await fetch(form.action, {
    method: "POST",
    keepalive: !files,
    body: files ? data : new URLSearchParams([...data].filter(([, value]) => typeof value === "string")),
    headers: { Accept: "application/json", ...headers },
  });
  if (!response.ok) throw Object.assign(new Error(`${response.status}`), { problem: await response.json().catch(() => null) });
  return response;
}

/** Sends a form as the browser would and gives the page that answers, and whether the form was taken. */
export async function load(form, submitter = null) {
  const response = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form, submitter)),
    headers: { Accept: "text/html" },
  });
  if (!response.ok && ![409, 422].includes(response.status)) throw new Error(`${response.status}`);
  if (response.redirected && new URL(response.url).pathname === "/login") location.reload();
  return { page: new DOMParser().parseFromString(await response.text(), "text/html"), ok: response.ok };
}
