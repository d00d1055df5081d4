// Fetches pages and submits forms.

export async function fetchPage(url, signal) {
  const response = await fetch(url, { headers: { Accept: "text/html" }, signal });
  // An expired session redirects to the sign-in page: open it rather than showing parts of it.
  if (response.redirected && new URL(response.url).pathname === "/login") location.reload();
  if (!response.ok) throw new Error(`${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

const failure = (status, problem) => Object.assign(new Error(`${status}`), { problem });

/** Submits text fields, also if the user leaves the page in the meantime. */
export async function postFields(url, data) {
  const response = await fetch(url, {
    method: "POST",
    keepalive: true,
    body: new URLSearchParams([...data].filter(([, value]) => typeof value === "string")),
    headers: { Accept: "application/json" },
  });
  if (!response.ok) throw failure(response.status, await response.json().catch(() => null));
  return response;
}

export const postForm = (form) => postFields(form.action, new FormData(form));

/** Submits fields and files, reports the progress, and can be cancelled. */
export function upload(url, data, progress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total));
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) {
        resolve();
        return;
      }
      let problem = null;
      try {
        problem = JSON.parse(request.responseText);
      } catch {
        /* the response is not from the application */
      }
      reject(failure(request.status, problem));
    });
    for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, () => reject(failure(end, null)));
    signal.addEventListener("abort", () => request.abort());
    request.send(data);
  });
}

/** Submits a form as the browser would; returns the page of the response, and whether the form was accepted. */
export async function submitForm(form, submitter = null) {
  const response = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form, submitter)),
    headers: { Accept: "text/html" },
  });
  if (!response.ok && ![409, 422].includes(response.status)) throw new Error(`${response.status}`);
  if (response.redirected && new URL(response.url).pathname === "/login") location.reload();
  return { page: new DOMParser().parseFromString(await response.text(), "text/html"), ok: response.ok };
}
