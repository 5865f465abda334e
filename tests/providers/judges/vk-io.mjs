// vk-io as a community's program against the simulated VKontakte: does what one does, and prints what came of it.
// node vk-io.mjs BASE_URL TOKEN GROUP_ID PEER_ID
import http, { createServer } from "node:http";
import { once } from "node:events";
import { APIError, Keyboard, VK } from "vk-io";

const [baseUrl, token, groupId, peerId] = process.argv.slice(2);
const secret = "vkios-secret_1";
const vk = new VK({
  token, apiBaseUrl: `${baseUrl}/method`, apiVersion: "5.199", apiRetryLimit: 0, agent: new http.Agent(),
  pollingGroupId: Number(groupId), webhookSecret: secret,
});
const seen = { messages: [], refusals: {}, attachments: [] };
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64",
);

async function refusal(name, call) {
  try {
    await call();
  } catch (error) {
    seen.refusals[name] = { isRefusal: error instanceof APIError, code: error.code };
  }
}

async function write() {
  const first = await vk.api.messages.send({ peer_ids: [Number(peerId)], random_id: 77, message: "Good morning" });
  const again = await vk.api.messages.send({ peer_ids: [Number(peerId)], random_id: 77, message: "Good morning" });
  seen.sameMessage = first[0].message_id === again[0].message_id;
  const photo = await vk.upload.messagePhoto({ peer_id: Number(peerId), source: { value: picture } });
  const file = await vk.upload.messageDocument({
    peer_id: Number(peerId), source: { value: Buffer.from("%PDF-1.4"), filename: "bill.pdf" },
  });
  await vk.api.messages.send({ peer_id: peerId, random_id: 78, message: "Files", attachment: `${photo},${file}` });
  await vk.api.messages.setActivity({ peer_id: peerId, type: "typing" });
  await refusal("empty", () => vk.api.messages.send({ peer_id: peerId, random_id: 79 }));
  await refusal("stranger", () => vk.api.messages.send({ peer_id: 1, random_id: 80, message: "x" }));
  await refusal("keyboard", () =>
    vk.api.messages.send({ peer_id: peerId, random_id: 81, message: "x", keyboard: '{"buttons":[[{"action":{}}]]}' }),
  );
  await refusal("method", () => vk.api.call("messages.sing", {}));
}

function listen() {
  vk.updates.on("message_new", async (context) => {
    seen.messages.push({ text: context.text ?? null, from: context.senderId, cmid: context.conversationMessageId });
    seen.attachments.push(...context.attachments.map((attachment) => attachment.type));
    const keyboard = Keyboard.builder().callbackButton({ label: "Stop", payload: { command: "stop" } }).inline();
    await context.reply(`You wrote: ${context.text}`, { keyboard });
  });
  vk.updates.on("message_event", async (context) => {
    seen.pressed = context.eventPayload;
    await context.answer({ type: "show_snackbar", text: "Understood" });
    server.emit("stop");
  });
  return createServer(vk.updates.getWebhookCallback());
}

await write();
const { code } = await vk.api.groups.getCallbackConfirmationCode({ group_id: groupId });
vk.updates.webhookTransport.options.webhookConfirmation = code;
const server = listen().listen(0, "127.0.0.1");
const isOver = once(server, "stop");
await once(server, "listening");
const url = `http://127.0.0.1:${server.address().port}/`;
const { server_id: id } = await vk.api.groups.addCallbackServer({
  group_id: groupId, url, title: "vk-io", secret_key: secret,
});
await vk.api.groups.setCallbackSettings({
  group_id: groupId, server_id: id, api_version: "5.199", message_new: 1, message_event: 1,
});
await isOver;
seen.status = (await vk.api.groups.getCallbackServers({ group_id: groupId })).items[0].status;
await vk.api.groups.deleteCallbackServer({ group_id: groupId, server_id: id });
server.closeAllConnections();
server.close();
process.stdout.write(JSON.stringify(seen));
