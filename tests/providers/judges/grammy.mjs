// grammy as a bot against the simulated Telegram: does what a bot does, and prints what came of it.
// node grammy.mjs BASE_URL TOKEN CHAT_ID FILE_ID
import { createServer } from "node:http";
import { once } from "node:events";
import { Bot, GrammyError, HttpError, InputFile, webhookCallback } from "grammy";

const [baseUrl, token, chatId, fileId] = process.argv.slice(2);
const secretToken = "grammys_secret-1";
const bot = new Bot(token, { client: { apiRoot: baseUrl } });
const seen = { updates: [], refusals: {} };

async function refusal(name, call) {
  try {
    await call();
  } catch (error) {
    const isRefusal = error instanceof GrammyError && !(error instanceof HttpError);
    seen.refusals[name] = { isRefusal, code: error.error_code, description: error.description, parameters: error.parameters };
  }
}

async function download() {
  const file = await bot.api.getFile(fileId);
  const response = await fetch(`${baseUrl}/file/bot${token}/${file.file_path}`);
  return Buffer.from(await response.arrayBuffer());
}

async function write(picture) {
  const message = await bot.api.sendMessage(chatId, "Good morning");
  await bot.api.editMessageText(chatId, message.message_id, "Good evening");
  const photo = await bot.api.sendPhoto(chatId, new InputFile(picture, "sofa.png"), { caption: "The sofa" });
  await bot.api.sendChatAction(chatId, "typing");
  const lost = await bot.api.sendMessage(chatId, "A mistake");
  await bot.api.deleteMessage(chatId, lost.message_id);
  seen.sizes = photo.photo.length;
  seen.filePath = (await bot.api.getFile(photo.photo.at(-1).file_id)).file_path;
  await refusal("sameText", () => bot.api.editMessageText(chatId, message.message_id, "Good evening"));
  await refusal("unknownChat", () => bot.api.sendMessage(1, "x"));
  await refusal("empty", () => bot.api.sendMessage(chatId, " "));
}

function listen() {
  bot.on("message", async (context) => {
    seen.updates.push({ id: context.update.update_id, text: context.msg.text ?? null, from: context.from.first_name });
    await context.reply(`You wrote: ${context.msg.text}`, { reply_parameters: { message_id: context.msg.message_id } });
  });
  bot.on("callback_query:data", async (context) => {
    seen.pressed = context.callbackQuery.data;
    await context.answerCallbackQuery({ text: "Understood" });
    server.emit("stop");
  });
  return createServer(webhookCallback(bot, "http", { secretToken }));
}

await bot.init();
seen.username = bot.botInfo.username;
await write(await download());
const server = listen().listen(0, "127.0.0.1");
const isOver = once(server, "stop");
await once(server, "listening");
await bot.api.setWebhook(`http://127.0.0.1:${server.address().port}/`, { secret_token: secretToken });
await bot.api.sendMessage(chatId, "Ready", {
  reply_markup: { inline_keyboard: [[{ text: "Stop", callback_data: "stop" }]] },
});
await isOver;
await bot.api.deleteWebhook();
server.closeAllConnections();
server.close();
process.stdout.write(JSON.stringify(seen));
