### Uzbek: the texts of the feature module `delivery`.

## Why a message was not delivered, by the provider's code

failure-unknown = Provayder vaqtida javob bermadi: xabar yetgan ham, yetmagan ham boʻlishi mumkin. Mijoz olmagan boʻlsagina qayta yuboring.
failure-gave-up = Provayderga bir kun davomida ulanib boʻlmadi.
failure-20003 = Provayder kanal kalitlarini qabul qilmadi. Administratordan ularni yangilashni soʻrang.
failure-20404 = Provayder bu hisob yoki joʻnatuvchini tanimaydi. Administratordan kanalni tekshirishni soʻrang.
failure-20429 = Provayderga juda koʻp soʻrov yuborildi. Birozdan keyin urinib koʻring.
failure-21211 = Bu raqamga xabar yuborib boʻlmaydi.
failure-21408 = Kanalga bu davlatga yuborishga ruxsat berilmagan.
failure-21610 = Mijoz STOP deb yozib, xabarlardan voz kechgan. Uni faqat mijozning oʻzi START deb yozib qayta ochadi.
failure-21614 = Bu raqam matnli xabar qabul qilmaydi.
failure-30001 = Provayder navbati toʻlgan. Keyinroq urinib koʻring.
failure-30002 = Provayderdagi hisob toʻxtatilgan.
failure-30003 = Telefon oʻchirilgan yoki tarmoqdan tashqarida.
failure-30004 = Mijoz raqami yoki operatori xabarlarni bloklaydi.
failure-30005 = Bu raqam endi mavjud emas.
failure-30006 = Bu statsionar telefon yoki xabar qabul qilmaydigan raqam.
failure-30007 = Operator xabarni spam deb hisobladi.
failure-30008 = Operator sababini aytmadi.
failure-63016 = WhatsApp erkin matnga mijozning oxirgi xabaridan keyin faqat 24 soat ruxsat beradi. Tasdiqlangan shablondan foydalaning.
failure-telegram-blocked = Mijoz botni bloklagan. Uni faqat mijozning oʻzi qayta ocha oladi.
failure-telegram-deactivated = Mijozning Telegram akkaunti endi mavjud emas.
failure-telegram-not-started = Mijoz bu botga hali yozmagan, bot esa birinchi boʻlib yoza olmaydi. Taklif havolasini yuboring.
failure-telegram-too-large = Telegram bunday hajmdagi faylni qabul qilmaydi.
failure-telegram-unauthorized = Telegram bot tokenini endi qabul qilmayapti. Administratordan uni yangilashni soʻrang.
failure-21606 = Kanal raqamidan bu mijozga yuborib boʻlmaydi. Administratordan kanalni tekshirishni soʻrang.
failure-21608 = Twilio’ning sinov hisobi faqat oʻsha yerda tasdiqlangan raqamlarga yuboradi.
failure-21611 = Kanal raqami navbatida xabarlar juda koʻp. Keyinroq urinib koʻring.
failure-21612 = Kanal raqamidan bu mijozning raqamiga yuborib boʻlmaydi.
failure-21617 = Xabar juda uzun: SMS koʻpi bilan 1600 belgini sigʻdiradi.
failure-30034 = Kanal raqami AQShga xabar yuborish uchun roʻyxatdan oʻtmagan (A2P 10DLC). Administratorga murojaat qiling.
failure-63003 = Bu raqam WhatsApp’da yoʻq.
failure-63007 = Kanalning WhatsApp joʻnatuvchisi Twilio’da ulanmagan. Administratordan kanalni tekshirishni soʻrang.
failure-63018 = WhatsApp hozir bu joʻnatuvchidan boshqa xabar qabul qilmayapti. Keyinroq urinib koʻring.
failure-63024 = WhatsApp bu qabul qiluvchiga yetkazmaydi.
failure-other = Provayder rad etdi: { $detail } (kod { $code })
failure-code = kod { $code }

## Files

file-coming = Provayderdan yuklanmoqda
file-lost-gone = Fayl mavjud emas: provayderda u yoʻq.
file-lost-too-large = Fayl 50 MB dan katta, shuning uchun yuklanmadi.
file-lost-refused = Fayl yuklanmadi: uning manzili xavfli.
file-lost-storage-full = Fayl saqlanmadi: ish maydonining joyi tugagan.
file-size-kilobytes = { $size } KB
file-size-megabytes = { $size } MB
composer-attach = Fayl biriktirish
problem-too-many-files = Bitta xabarda koʻpi bilan { $max } ta fayl boʻladi.
problem-too-many-files-by = { $max ->
    [one] { $transport } bitta xabarda faqat bitta fayl yuboradi. Qolganlarini ketidan bittadan yuboring.
   *[other] { $transport } bitta xabarda koʻpi bilan { $max } ta fayl yuboradi.
}
problem-files-too-large = { $transport } koʻpi bilan { $megabytes } MB fayl tashiydi. Kamroq yoki kichikroq fayl yuboring.
problem-file-type = { $transport } “{ $name }” kabi fayllarni tashimaydi.
problem-not-a-bot-token = Bu bot tokeni emas. BotFather uni 123456:ABC-DEF koʻrinishida beradi.
problem-another-bot = Bu boshqa botning tokeni. Uni alohida kanal sifatida ulang.
problem-provider-refuses = Provayder rad etdi: { $words }
problem-provider-silent = Provayder javob bermayapti ({ $why }). Qayta urinib koʻring.
error-link = Havola endi ishlamaydi
error-link-detail = Muddati oʻtgan yoki toʻliq emas. Faylni suhbatda qaytadan oching.
error-files-too-large = Fayllar juda katta
error-files-too-large-detail = Bitta xabarning fayllari birgalikda 50 MB dan oshmasligi kerak. Hech narsa yuborilmadi.

## Failed messages

queue-title = Navbat va nosozliklar
queue-queued = Navbatda
queue-under-way = Yuborilmoqda
queue-retried = Qayta uriniladi
queue-scheduled = Rejalashtirilgan
queue-failed = Yetkazilmadi
queue-unknown = Yetkazilgani tasdiqlanmagan
queue-removed = Olib tashlangan kanallar
queue-undelivered = Yetkazilmaganlar
queue-channel = Kanal
queue-all-channels = Barcha kanallar
queue-show = Koʻrsatish
queue-nothing-failed = Nosozlik yoʻq
queue-message = Xabar
queue-when = Qachon
queue-pick = { $name } uchun xabarni tanlash
queue-unknown-hint = Yetkazilgan boʻlishi mumkin. Qayta yuborishdan oldin suhbatni tekshiring.
queue-resend-picked = Tanlanganlarni qayta yuborish
queue-resend-all = Yetkazilmaganlarning hammasini qayta yuborish
queue-total = { $count ->
    [one] { $count } ta xabar yetkazilmagan
   *[other] { $count } ta xabar yetkazilmagan
}
queue-resent = { $count ->
    [0] Hech bir xabar navbatga qoʻyilmadi.
    [one] { $count } ta xabar yana navbatda.
   *[other] { $count } ta xabar yana navbatda.
} { $refused ->
    [0] {""}
    [one] { $refused } tasini yuborib boʻlmaydi: mijoz bilan endi bunday bogʻlanib boʻlmaydi.
   *[other] { $refused } tasini yuborib boʻlmaydi: mijozlar bilan endi bunday bogʻlanib boʻlmaydi.
}
channel-provider-telegram = Telegram
channels-new-telegram = Telegram botni ulash
field-bot_token = Bot tokeni
channel-connect-hint-telegram = Uni BotFather /newbot buyrugʻi bilan beradi. Token shifrlangan holda saqlanadi va boshqa koʻrsatilmaydi. Mijozlar botga yozgani endi faqat shu yerga keladi.
channel-credentials-hint-telegram = Oʻsha botning yangi tokeni, BotFatherdagi /revoke buyrugʻidan keyin. Eskisi bilan endi hech narsa yuborilmaydi.
channel-disable-hint-telegram = Toʻxtatilgan bot hech narsa yubormaydi va qabul qilmaydi, navbatdagi xabarlar ketmaydi. Shu orada yozilgan xabarlarni Telegram bir kun saqlaydi.
