/** Arabic and Hebrew conversations: right-to-left text with left-to-right numbers and names in it. */
import type { ConversationScript } from "./conversation-script.ts";

export const RIGHT_TO_LEFT_SCRIPTS: readonly ConversationScript[] = [
  {
    language: "ar",
    topic: "order",
    subject: "الطلب رقم {order} ناقص",
    lines: [
      [
        "customer",
        "السلام عليكم،\n\nوصلني الطلب {order} من {restaurant} ناقصًا: لم أجد الحمص ولا العصير، مع أنني دفعت {amount} كاملة. أرجو إعادة المبلغ.",
      ],
      ["agent", "وعليكم السلام {customer}، نعتذر عن هذا الخطأ. هل كان الكيس مغلقًا عند الاستلام؟"],
      ["customer", "نعم، كان مغلقًا."],
      ["note", "أكد المطعم النقص. تمت الموافقة على رد المبلغ."],
      ["agent", "شكرًا لك. أعدنا إليك {amount} وسيظهر المبلغ في حسابك خلال خمسة أيام عمل."],
      ["customer", "جزاكم الله خيرًا 🌹"],
    ],
  },
  {
    language: "ar",
    topic: "delivery",
    subject: "تأخر التوصيل أكثر من {minutes} دقيقة",
    lines: [
      ["customer", "الطلب {order} متأخر جدًا ومندوب {partner} لا يرد على الهاتف. الضيوف ينتظرون!"],
      ["agent", "أهلًا {customer}، أعتذر عن التأخير. تواصلت مع المندوب وهو على بعد شارعين منك."],
      ["customer", "وصل الآن، لكن الطعام بارد."],
      ["agent", "أضفت رصيدًا بقيمة رسوم التوصيل إلى حسابك، ونعتذر مرة أخرى."],
    ],
  },
  {
    language: "he",
    topic: "billing",
    subject: "חיוב כפול על הזמנה {order}",
    lines: [
      [
        "customer",
        "שלום,\n\nחויבתי פעמיים בסכום {amount} על אותה הזמנה ({order}). אשמח להחזר של אחד החיובים.\n\nתודה",
      ],
      ["agent", "שלום {customer}, תודה על הפנייה. אני רואה את שני החיובים ובודקת מול חברת האשראי."],
      ["note", "שתי עסקאות אצל הספק. לזכות את השנייה, אסמכתא {invoice}."],
      ["agent", "החיוב השני זוכה. הסכום יופיע בחשבון בתוך שלושה ימי עסקים."],
      ["customer", "קיבלתי, תודה רבה {agent} 🙏"],
    ],
  },
  {
    language: "he",
    topic: "technical",
    subject: "האפליקציה נסגרת בזמן התשלום",
    lines: [
      ["customer", 'בכל פעם שאני לוחצת על "לתשלום" האפליקציה נסגרת. גרסה 9.41.2, אנדרואיד 15.'],
      [
        "agent",
        "שלום {customer}, תודה על הפרטים. התקלה מוכרת ותתוקן בגרסה 9.41.3. בינתיים אפשר להזמין באתר.",
      ],
      ["customer", "באתר זה עבד. מחכה לעדכון."],
      ["note", "אותה תקלה כמו אצל לקוחות אחרים השבוע."],
      ["agent", "הגרסה החדשה זמינה. אשמח לדעת אם הכול תקין."],
    ],
  },
];
