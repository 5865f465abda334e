// whatsapp-api-js as a business at the simulated WhatsApp: receives, sends, and prints what came of it.
// node whatsapp_api.mjs JSON
import { subtle } from "node:crypto";
import { WhatsAppAPI } from "whatsapp-api-js";
import { Text, Interactive, ActionButtons, Button, Body } from "whatsapp-api-js/messages";

const told = JSON.parse(process.argv[2]);
const seen = {};
const bot = new WhatsAppAPI({
  token: told.token,
  appSecret: told.secret,
  webhookVerifyToken: "verify",
  v: "v23.0",
  ponyfill: {
    subtle,
    fetch: (url, options) => fetch(String(url).replace("https://graph.facebook.com", told.base), options),
  },
});

async function refusal(call) {
  try {
    await call();
  } catch (error) {
    return error.httpStatus ?? error.code ?? error;
  }
  return null;
}

const challenge = { "hub.mode": "subscribe", "hub.challenge": "1158201444" };
seen.challenge = bot.get({ ...challenge, "hub.verify_token": "verify" });
seen.wrongToken = await refusal(async () => bot.get({ ...challenge, "hub.verify_token": "wrong" }));
bot.on.message = ({ from, name, message }) => {
  Object.assign(seen, { from, name, text: message.text.body });
};
const data = JSON.parse(told.body);
await bot.post(data, told.body, told.signature);
seen.wrongSignature = await refusal(() => bot.post(data, told.body, `sha256=${"0".repeat(64)}`));
const sent = await bot.sendMessage(told.number, told.to, new Text("Good morning"));
seen.sent = sent.messages[0].id;
const buttons = new ActionButtons(new Button("1", "Yes"), new Button("2", "No"));
await bot.sendMessage(told.number, told.to, new Interactive(buttons, new Body("On Monday?")));
process.stdout.write(JSON.stringify(seen));
