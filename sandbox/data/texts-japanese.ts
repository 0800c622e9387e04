/** Japanese conversations. */
import type { ConversationScript } from "./conversation-script.ts";

export const JAPANESE_SCRIPTS: readonly ConversationScript[] = [
  {
    language: "ja",
    topic: "order",
    subject: "注文{order}の商品が足りません",
    lines: [
      [
        "customer",
        "お世話になっております。\n\n{restaurant}で注文した{order}ですが、餃子と味噌汁が入っていませんでした。返金をお願いできますでしょうか。",
      ],
      [
        "agent",
        "{customer}様\n\nご迷惑をおかけし、誠に申し訳ございません。袋は封がされた状態で届きましたでしょうか。",
      ],
      ["customer", "はい、シールは貼られたままでした。"],
      ["note", "店舗に確認済み。詰め忘れ。{amount}を返金。"],
      [
        "agent",
        "店舗の詰め忘れと確認できました。{amount}を返金いたしました。三営業日ほどで反映されます。",
      ],
      ["customer", "迅速なご対応ありがとうございました。"],
    ],
  },
  {
    language: "ja",
    topic: "technical",
    subject: "ログインできない",
    lines: [
      [
        "customer",
        "パスワードを変更したあと、ログインできなくなりました。確認コードのメールも届きません😢",
      ],
      [
        "agent",
        "{customer}様、ご不便をおかけしております。迷惑メールのフォルダーもご確認いただけますか。",
      ],
      ["customer", "そこにもありません。"],
      ["note", "携帯会社側の受信拒否。別のアドレスで再送。"],
      [
        "agent",
        "ご登録の携帯メールでは受信できないようです。このアドレスにコードをお送りしました。",
      ],
      ["customer", "入れました。助かりました!"],
    ],
  },
];
