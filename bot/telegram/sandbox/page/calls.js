// What the played person does, told to the server.

async function post(path, body) {
  let response;
  try {
    response = await fetch(`/control/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("the local Telegram is not reachable");
  }
  const answer = await response.json().catch(() => ({ ok: false, error: response.statusText }));
  if (!answer.ok) throw new Error(answer.error.replace(/^Bad Request: /, ""));
  return answer;
}

export const say = (user_id, chat_id, text, reply_to_message_id) =>
  post("say", { user_id, chat_id, text, reply_to_message_id });

export const hand = (user_id, chat_id, name, content, caption, reply_to_message_id) =>
  post("hand", { user_id, chat_id, name, content, caption, reply_to_message_id });

/** A file's bytes as base64. */
export async function base64(file) {
  let bytes = "";
  for (const byte of new Uint8Array(await file.arrayBuffer())) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

export const edit = (user_id, chat_id, message_id, text) =>
  post("edit", { user_id, chat_id, message_id, text });

export const tap = (user_id, chat_id, message_id, button) =>
  post("tap", { user_id, chat_id, message_id, button, wait: 15 });

export const react = (user_id, chat_id, message_id, emoji) =>
  post("react", { user_id, chat_id, message_id, emoji });

export const join = (first_name) => post("user", { first_name });

export async function older(chat_id, before) {
  const query = new URLSearchParams({ chat_id, before, limit: 100 });
  const response = await fetch(`/control/messages?${query}`);
  return (await response.json()).messages || [];
}
