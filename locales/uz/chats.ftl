### Uzbek: the texts of the feature module `chats`.

## Chats

chats-title = Suhbatlar
chats-search = Mijozlar va xabarlar
chats-all = Hammasi
chats-unread = Oʻqilmagan
chats-new = Yangi suhbat
chats-new-title = Yangi suhbat
chats-new-lead = Telefon raqamiga yozing. Raqam yangi boʻlsa, mijozni oʻzimiz yaratamiz.
chats-new-submit = Suhbatni ochish
chats-empty = Hali suhbatlar yoʻq
chats-empty-hint = Mijoz yozganda suhbat shu yerda paydo boʻladi.
chats-none-found = Suhbat topilmadi
chats-nothing-unread = Oʻqilmagan xabar yoʻq
chats-choose = Suhbatni tanlang
chats-choose-hint = Chapdan suhbatni tanlang yoki yangisini boshlang.
chats-first = Hali suhbatlar yoʻq
chats-first-hint = Birinchi suhbat shu yerda ochiladi: uni oʻzingiz boshlang yoki mijoz yozishini kuting.
chats-unread-badge = { $count ->
    [one] { $count } ta oʻqilmagan xabar
   *[other] { $count } ta oʻqilmagan xabar
}
chat-back = Suhbatlarga
chat-also = { $first } · yana { $others }
chat-unreachable = Bogʻlanib boʻlmaydi: bu mijoz uchun kanal yoʻq.
chat-unreachable-disabled = Bogʻlanib boʻlmaydi: kanal toʻxtatilgan.
chat-log = Xabarlar
chat-empty = Hali xabarlar yoʻq
chat-new-messages = Yangi xabarlar
chat-older = Oldingi xabarlar
chat-newest = Eng yangi xabarlarga
chat-mark-read = Oʻqilgan deb belgilash
chat-you = Siz: { $text }
chat-author = { $name }: { $text }
chat-attachment = Fayl
message-edited = tahrirlangan
message-reactions = Mijozning munosabati:
message-forwarded = Uzatilgan xabar
message-forwarded-from = Uzatilgan: { $name }
message-referral = Reklamadan: { $name }
message-written = Yozilgan vaqti: { $time }
message-kind-invoice = Hisob
message-kind-checklist = Vazifalar roʻyxati
message-kind-story = Hikoya
message-kind-paid-media = Pullik kontent
message-kind-giveaway = Sovrinlar oʻyini
message-kind-game = Oʻyin
message-retry = Qayta urinish
message-scheduled = Yuborish vaqti: { $time }
status-received = Qabul qilindi
status-scheduled = Rejalashtirilgan
status-queued = Navbatda
status-queued-behind = Navbatda, oldinda yana { $count } ta xabar bor, taxminan { $minutes } daqiqa
status-unknown = Yetkazilgani tasdiqlanmagan
status-sent = Yuborildi
status-delivered = Yetkazildi
status-read = Oʻqildi
status-failed = Yetkazilmadi
composer-label = Xabar
composer-placeholder = Xabar yozing: { $name }
composer-transport = Yuborish kanali
composer-send = Yuborish
composer-closed = Bu mijoz bilan ulangan kanallarning hech biri orqali bogʻlanib boʻlmaydi. Telefon raqamini qoʻshing yoki administratordan kanal ulashni soʻrang.
composer-closed-disabled = Bu mijozga yozish mumkin boʻlgan kanal toʻxtatilgan. Administratordan uni yoqishni soʻrang.
composer-not-allowed = Rolingiz mijozlarga yozishga ruxsat bermaydi.
composer-failed = Yuborilmadi: server javob bermadi. Matn saqlangan; qayta urinib koʻring.
transport-telegram = Telegram
transport-whatsapp = WhatsApp
transport-sms = SMS
transport-email = E-pochta
transport-instagram = Instagram
transport-phone = Telefon
transport-website = Veb-sayt
transport-other = Boshqa
live-lost = Internet uzildi, qayta ulanmoqda…

## The conversation, presence, and a new chat

message-arrived = Yetkazilgan deb belgilash
message-send-again = Qayta yuborish…
message-send-again-warning = Agar xabar yetib borgan boʻlsa, mijoz uni ikki marta oladi.
message-send-again-yes = Qayta yuborish
chat-newer = Keyingi xabarlar
chat-mark-unread = Oʻqilmagan deb belgilash
chat-message-gone = Bu xabar endi yoʻq. Eng yangilari koʻrsatildi.
presence-typing = { $name } yozmoqda…
presence-looking = { $name } ham shu yerda
new-chat-or = Yoki mijozni tanlang
new-chat-search = Ism, telefon yoki e-pochta
new-chat-none = Hech kim topilmadi. Telefon raqamiga yozing.
new-chat-open = Suhbatni ochish: { $name }
new-chat-name = Ism
new-chat-name-hint = Yangi mijoz uchun; boʻsh qoldirish mumkin.
new-chat-find = Topish

## Message templates

templates-title = Tezkor javoblar
templates-search = Nomi va matnidan qidirish
templates-new = Yangi tezkor javob
templates-edit = Tezkor javobni tahrirlash
templates-empty = Hali tezkor javoblar yoʻq
templates-empty-hint = Har kuni beradigan javoblaringizni yozib qoʻying.
templates-none-found = Hech narsa topilmadi
templates-total = { $count ->
    [one] { $count } ta tezkor javob
   *[other] { $count } ta tezkor javob
}
templates-placeholders = Maydon qoʻshish
templates-delete-title = Tezkor javob oʻchirilsinmi?
templates-delete-warning = U bilan yuborilgan xabarlar oʻz holicha qoladi.

## Composer: drafts, templates, segments, scheduled messages

chat-draft = Qoralama: { $text }
composer-sending = Yuborilmoqda…
composer-templates = Tezkor javob qoʻshish
composer-later = Keyinroq yuborish
composer-no-address = mijozning bunday manzili yoʻq
composer-no-channel = kanal ulanmagan
composer-no-provider = provayder ulanmagan
composer-blocked = mijoz botni bloklagan
composer-gone = mijozning akkaunti endi mavjud emas
field-message = Matn
field-scheduled_at = Yuborish vaqti
templates-for = { $name } uchun toʻldirilgan
sms-segments = { $count } ta segment, { $left } ta belgi qoldi
sms-culprit = “{ $character }” sababli SMS Unicode’da ketadi, 70 belgidan
sms-segments-live = Segmentlar: #count, qoldi: #left
sms-culprit-live = “#character” sababli SMS Unicode’da ketadi, 70 belgidan
preset-hour = Bir soatdan keyin
preset-tomorrow = Ertaga ertalab
preset-monday = Dushanba ertalab
schedule-at = Sana va vaqt
schedule-submit = Rejalashtirish
schedule-edit = Rejalashtirilgan xabarni oʻzgartirish
schedule-send-now = Hozir yuborish
schedule-cancel = Yuborishni bekor qilish
scheduled-title = Rejalashtirilgan xabarlar
scheduled-here = Rejalashtirilgan
scheduled-all = Barcha rejalashtirilganlar
scheduled-zone = Vaqtlar { $zone } mintaqasida.
scheduled-empty = Hech narsa rejalashtirilmagan
scheduled-empty-hint = Xabarni keyinroq yuborish uchun yonidagi soatni bosing.
scheduled-total = { $count } ta rejalashtirilgan xabar
problem-key-reused = Bu formadan boshqa xabar yuborib boʻlingan. Suhbatga qarang, bu xabar ham kerak boʻlsa, yana yuboring.
problem-time-passed = Bu vaqt oʻtib ketgan. Kelgusi vaqtni tanlang.
problem-time-too-far = Koʻpi bilan bir yil oldinga.
problem-time-skipped = Bu vaqtda soatlar oldinga suriladi: bunday soat yoʻq. Boshqasini tanlang.
error-late = Kech qoldingiz
error-late-detail = Xabar yuborilmoqda yoki yuborib boʻlingan.

## Files in the composer; the script fills in names and sizes

composer-files = Yuboriladigan fayllar
composer-file-added = Biriktirildi: #name
composer-file-removed = Olib tashlandi: #name
composer-file-remove = Olib tashlash: #name
composer-no-folders = Papkalarni yuborib boʻlmaydi. Ichidagi fayllarni tanlang.
composer-drop = Biriktirish uchun fayllarni shu yerga tashlang
composer-uploading = Fayllar yuborilmoqda
composer-upload-cancelled = Bekor qilindi. Hech narsa yuborilmadi, matn va fayllar joyida turibdi.

## Previews of messages that have only files

preview-photos = { $count ->
    [1] Surat
   *[other] { $count } ta surat
}
preview-voice = { $count ->
    [1] Ovozli xabar
   *[other] { $count } ta ovozli xabar
}
preview-audio = { $count ->
    [1] Audio
   *[other] { $count } ta audio
}
preview-videos = { $count ->
    [1] Video
   *[other] { $count } ta video
}
templates-as-sms = SMS sifatida, misoldagi ismlar bilan:

## Message templates: order of the list, editor, sample client

templates-sort = Tartib
sort-uses = Avval koʻp ishlatilganlari
templates-unused = Hali ishlatilmagan
templates-uses = { $count } marta ishlatilgan
templates-none-found-hint = Nomi yoki matnidagi boshqa soʻzni sinab koʻring.
templates-duplicate = Nusxa olish
templates-duplicate-name = “{ $name }” nusxasini olish
templates-copy-of = { $name } (nusxa)
templates-preview = Oldindan koʻrish
templates-preview-empty = Xabar bu yerda oldindan koʻrsatiladi.
templates-nameless = Ismi yoʻq mijoz
templates-placeholders-hint = Yuborishda toʻldiriladi. Nomaʼlum qiymat verguli bilan tushirib qoldiriladi.
placeholder-client-first_name = Mijozning ismi
placeholder-client-last_name = Mijozning familiyasi
placeholder-client-full_name = Mijozning toʻliq ismi
placeholder-user-first_name = Sizning ismingiz
placeholder-user-full_name = Sizning toʻliq ismingiz
placeholder-tenant-name = Kompaniya
sample-first-name = Aziza
sample-last-name = Karimova
