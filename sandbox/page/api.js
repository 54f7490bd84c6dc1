// Calls to the sandbox's control API. A refusal becomes an Error whose message can be shown.

async function call(path, options) {
  const answer = await fetch(`/sandbox-api/${path}`, options);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error || `HTTP ${answer.status}`);
  return body;
}

export const get = (path) => call(path);

export const post = (path, body) => call(path, { method: "POST", body: JSON.stringify(body) });
