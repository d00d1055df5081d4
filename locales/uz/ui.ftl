# Oʻzbekcha. Kalitlar va argumentlar en.ftl bilan bir xil; ularni test solishtiradi.

app-name = Aloqa
nav-main = Asosiy menyu
nav-chats = Suhbatlar
nav-chats-unread = { $count ->
    [0] Suhbatlar
    [one] Suhbatlar, { $count } ta oʻqilmagan
   *[other] Suhbatlar, { $count } ta oʻqilmagan
}
nav-clients = Mijozlar
nav-instant-messages = Tezkor javoblar
sign-out = Chiqish
skip-to-content = Mazmunga oʻtish
search = Qidirish
save = Saqlash
cancel = Bekor qilish
delete = Oʻchirish
edit = Tahrirlash
back = Orqaga
previous = Oldingi
next = Keyingi
pages = Sahifalar
required = majburiy
none = –

today = Bugun
yesterday = Kecha
date-day = { $day }-{ $month ->
    [1] yanvar
    [2] fevral
    [3] mart
    [4] aprel
    [5] may
    [6] iyun
    [7] iyul
    [8] avgust
    [9] sentabr
    [10] oktabr
    [11] noyabr
   *[12] dekabr
}
date-full = { date-day } { $year }
weekday = { $day ->
    [1] Du
    [2] Se
    [3] Cho
    [4] Pay
    [5] Ju
    [6] Sha
   *[7] Yak
}

login-title = Kirish
login-lead = Mijozlaringiz kutmoqda.
login-email = E-pochta
login-password = Parol
login-submit = Kirish
login-denied = E-pochta yoki parol notoʻgʻri.
login-choose-title = Ish maydonini tanlang
login-choose-lead = Bu e-pochta va parol bir nechtasini ochadi. Parolni yana kiriting va tanlang.

clients-title = Mijozlar
clients-name = Ism
clients-search = Ism, telefon yoki e-pochta
clients-new = Yangi mijoz
clients-edit = Mijozni tahrirlash
clients-total = { $count ->
    [one] { $count } ta mijoz
   *[other] { $count } ta mijoz
}
clients-empty = Hali mijozlar yoʻq
clients-empty-hint = Ular sizga yozganda yoki siz qoʻshganingizda paydo boʻladi.
clients-none-found = Hech kim topilmadi
clients-none-found-hint = Ismning bir qismini, telefonni istalgan yozuvda yoki e-pochtani sinab koʻring.
clients-sort = Tartib
sort-newest = Avval yangilari
sort-oldest = Avval eskilari
sort-name = Ism A–Z
sort-name-desc = Ism Z–A
client-since = { $date }dan beri mijoz
client-open-profile = Profilni ochish
client-open-chat = Suhbatni ochish
client-details = Mijoz
client-notes = Eslatmalar
client-personal = Shaxsiy
client-documents = Hujjatlar
client-contacts = Kontaktlar
client-no-contacts = Telefon va e-pochtadan boshqa kontakt yoʻq.
contact-add = Kontakt qoʻshish
contact-remove = { $value } ni olib tashlash
field-name = Nomi
field-first_name = Ism
field-last_name = Familiya
field-middle_name = Otasining ismi
field-phone = Telefon
field-email = E-pochta
field-address = Manzil
field-date_of_birth = Tugʻilgan sana
field-gender = Jinsi
field-passport_series = Pasport seriyasi
field-passport_number = Pasport raqami
field-pin = JSHSHIR
field-country_code = JSHSHIR davlati
field-contacts = Kontaktlar
field-comments = Izohlar
field-type = Turi
field-value = Qiymati
field-template = Matn
field-created = Qoʻshilgan
gender-none = koʻrsatilmagan
gender-female = Ayol
gender-male = Erkak
gender-other = Boshqa
contact-phone = Telefon
contact-email = E-pochta
contact-telegram = Telegram
contact-whatsapp = WhatsApp
contact-other = Boshqa

chats-title = Suhbatlar
chats-search = Odamlar va xabarlar
chats-all = Hammasi
chats-unread = Oʻqilmagan
chats-new = Yangi
chats-new-title = Yangi suhbat
chats-new-lead = Telefon raqamiga yozing. Raqam hali hech kimda boʻlmasa, yangi mijoz yaratiladi.
chats-new-submit = Suhbatni ochish
chats-empty = Hali suhbatlar yoʻq
chats-empty-hint = Mijoz yozganda suhbat shu yerda oʻzi paydo boʻladi.
chats-none-found = Suhbat topilmadi
chats-nothing-unread = Hammasi oʻqilgan
chats-choose = Suhbatni tanlang
chats-choose-hint = Chapdan kimnidir tanlang yoki yangi suhbat boshlang.
chats-unread-badge = { $count ->
    [one] { $count } ta oʻqilmagan xabar
   *[other] { $count } ta oʻqilmagan xabar
}
chat-back = Suhbatlarga
chat-also = { $first } · yana { $others }
chat-unreachable = Bogʻlanib boʻlmaydi: bu mijozga hech bir kanal olib bormaydi.
chat-log = Xabarlar
chat-empty = Hali hech narsa yozilmagan
chat-new-messages = Yangi xabarlar
chat-older = Oldingi xabarlar
chat-newest = Eng yangi xabarlarga
chat-mark-read = Oʻqilgan deb belgilash
chat-you = Siz: { $text }
chat-attachment = Fayl
message-edited = tahrirlangan
message-retry = Qayta urinish
message-scheduled = { $time } da ketadi
status-received = Qabul qilindi
status-scheduled = Rejalashtirilgan
status-queued = Yuborilishini kutmoqda
status-unknown = Taqdiri nomaʼlum
status-sent = Yuborildi
status-delivered = Yetkazildi
status-read = Oʻqildi
status-failed = Yetkazilmadi
composer-label = Xabar
composer-placeholder = { $name } ga yozing
composer-transport = Orqali yuborish
composer-send = Yuborish
composer-closed = Bu mijozga ulangan kanallarning hech biri orqali yetib boʻlmaydi. Telefon raqamini qoʻshing yoki administratordan kanal ulashni soʻrang.
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
live-lost = Jonli yangilanish uzildi. Qayta urinilmoqda…

# The conversation, who is at it, and a new chat
message-arrived = Yetib bordi
message-send-again = Qayta yuborish…
message-send-again-warning = Agar xabar yetib borgan boʻlsa, mijoz uni ikki marta oladi.
message-send-again-yes = Qayta yuborish
chat-newer = Keyingi xabarlar
chat-mark-unread = Oʻqilmagan deb belgilash
chat-message-gone = Bu xabar bu yerda yoʻq. Eng yangilari koʻrsatildi.
presence-typing = { $name } yozmoqda…
presence-looking = { $name } ham shu yerda
new-chat-or = Yoki mijozni tanlang
new-chat-search = Ism, telefon yoki e-pochta
new-chat-none = Hech kim topilmadi. Telefon raqamiga yozing.
new-chat-open = Chatni ochish: { $name }
new-chat-name = Ism
new-chat-name-hint = Yangi mijoz uchun; boʻsh qoldirish mumkin.
new-chat-find = Topish

failure-unknown = Provayder vaqtida javob bermadi: xabar yetgan ham, yetmagan ham boʻlishi mumkin. Mijoz olmagan boʻlsagina qayta yuboring.
failure-gave-up = Provayderga bir kun davomida ulanib boʻlmadi.
failure-20003 = Provayder kanal kalitlarini qabul qilmadi. Administratordan ularni yangilashni soʻrang.
failure-20404 = Provayder bu hisob yoki joʻnatuvchini tanimaydi. Administratordan kanalni tekshirishni soʻrang.
failure-20429 = Provayderga juda koʻp soʻrov yuborildi. Birozdan keyin urinib koʻring.
failure-21211 = Bu raqamga xabar yuborib boʻlmaydi.
failure-21408 = Kanalga bu davlatga yuborishga ruxsat berilmagan.
failure-21610 = Mijoz STOP soʻzi bilan voz kechgan. Uni faqat mijozning START xabari qayta ochadi.
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
templates-placeholders = Qoʻyish
templates-delete-title = Tezkor javob oʻchirilsinmi?
templates-delete-warning = U bilan yuborilgan xabarlar oʻz holicha qoladi.

problem-required = Bu kerak.
problem-too-long = Koʻpi bilan { $max } ta belgi.
problem-too-short = Kamida { $min } ta belgi.
problem-out-of-range = { $min } dan { $max } gacha.
problem-not-a-phone = Bu telefon raqami emas. Bunday yozing: +998 90 123 45 67.
problem-not-an-email = Bu e-pochta manzili emas.
problem-not-a-date = Bunday sana boʻlishi mumkin emas. Bunday yozing: 1990-02-28.
problem-not-a-time = Bu vaqtli sana emas. Shunday yozing: 2026-03-02 09:00.
problem-not-one-of = Mumkin boʻlgan qiymatlar: { $values }.
problem-wrong-type = Qiymat turi toʻgʻri kelmaydi.
problem-bad-characters = Bu yerda boʻlishi mumkin boʻlmagan belgilar bor.
problem-taken = Bu kimdadir allaqachon bor.
problem-unknown-placeholder = { $name } degan oʻrinbosar yoʻq.
problem-unreachable = Bu mijozga bunday yetib boʻlmaydi.
problem-no-provider = Buning uchun provayder ulanmagan.
problem-no-files = Bu yoʻl bilan fayl yuborib boʻlmaydi.
problem-not-found = Bu ish maydonida bunday yozuv yoʻq.

error-reference = Murojaat raqami: { $id }
error-way-on = Suhbatlarga
error-sign-in = Kirish
error-malformed = Soʻrovni oʻqib boʻlmadi
error-malformed-detail = Unda nimadir notoʻgʻri.
error-unauthenticated = Avval kiring
error-unauthenticated-detail = Siz kirmagansiz yoki seans tugagan.
error-forbidden = Sizga buni qilish mumkin emas
error-forbidden-detail = Rolingizda bunday huquq yoʻq. Administratorga murojaat qiling.
error-forged-form = Bu shakl eskirgan
error-forged-form-detail = Sahifani yangilang va qayta urining.
error-signature = Imzo notoʻgʻri
error-signature-detail = Hech narsa saqlanmadi.
error-not-found = Bu yerda bunday narsa yoʻq
error-not-found-detail = U oʻchirilgan yoki manzil notoʻgʻri boʻlishi mumkin.
error-method-not-allowed = Bu yerda bunday qilib boʻlmaydi
error-method-not-allowed-detail = Manzil bor, lekin bunday soʻrov uchun emas.
error-conflict = Bu kimdadir allaqachon bor
error-conflict-detail = Boshqa yozuvda shu qiymat bor.
error-conflict-client = Bu boshqa mijozda bor: { $url }
error-conflict-status = Faqat yetkazilmagan xabarni qayta yuborish mumkin.
error-conflict-show = Oʻsha mijozni koʻrsatish
error-too-large = Bu juda katta
error-too-large-detail = Bir martada kamroq yuboring.
error-unsupported-media-type = Bunday mazmun tushunarsiz
error-unsupported-media-type-detail = Shakl yoki JSON yuboring.
error-invalid = Baʼzi maydonlarni qayta koʻring
error-invalid-detail = { $count ->
    [one] { $count } ta maydonda xato bor.
   *[other] { $count } ta maydonda xato bor.
}
error-too-many = Urinishlar juda koʻp
error-too-many-detail = { $minutes ->
    [one] { $minutes } daqiqa
   *[other] { $minutes } daqiqa
} kuting va qayta urining.
error-unavailable = Tez orada qaytamiz
error-unavailable-detail = Maʼlumotlar bazasi javob bermayapti. Birozdan keyin urinib koʻring; hech narsa yoʻqolmadi.
error-internal = Nimadir xato ketdi
error-internal-detail = Bu bizning xatomiz va yozib qoʻyildi. Qayta urining yoki murojaat raqamini ayting.

# Takrorlar va birlashtirish
duplicates = Takrorlar
duplicates-title = Ehtimoliy takrorlar
duplicates-lead = Bir odam bo‘lishi mumkin bo‘lgan mijozlar. Siz birlashtirmaguningizcha hech narsa o‘zgarmaydi.
duplicates-empty = O‘xshash mijozlar yo‘q
duplicates-empty-hint = Telefoni, e-pochtasi, pasporti yoki ismi bir xil mijozlar shu yerda ko‘rinadi.
duplicates-total = { $count } ta juftlik
likeness-name = ismi bir xil
likeness-birthday = tug‘ilgan kuni bir xil, ismi o‘xshash
likeness-email = e-pochtasi bir xil
likeness-telegram = Telegrami bir xil
likeness-passport = pasporti bir xil
likeness-phone = telefoni bir xil
merge-entry = Takror bilan birlashtirish
merge-title = Takrorlarni birlashtirish
merge-lead = { $name } bilan aslida kim bir odam?
merge-likely = Balki shu odamdir
merge-search = Boshqa mijozni topish
merge-compare = Solishtirish
merge-compare-with = { $name } bilan solishtirish
merge-compare-lead = Farq qiladigan joyda nima qolishini tanlang.
merge-dismiss = Bu boshqa odam
merge-stays = Qoladi
merge-goes = Unga qo‘shiladi
merge-swap = Almashtirish
merge-messages = { $count } ta xabar
merge-moves = { $contacts } ta aloqa va { $messages } ta xabar { $name } mijoziga o‘tadi.
merge-moves-more = Tanlanmagan telefon yoki e-pochta aloqalar orasida qoladi, shuning uchun undan kelgan xabarlar mijozni baribir topadi. Buni 30 kun ichida bekor qilish mumkin.
merge-submit = Birlashtirish
merge-stale = Shu orada kimdir mijozlardan birini o‘zgartirdi. Hozir ular shunday: yana bir qarab, birlashtiring.
merges-title = Birlashtirilgan takrorlar
merges-lead = Birlashtirishni 30 kun ichida bekor qilish mumkin.
merges-empty = So‘nggi paytda hech kim birlashtirilmagan
merge-merged = { $name } birlashtirildi
merge-until = { $date } gacha bekor qilish mumkin
merge-undo = Bekor qilish
merge-under = Avval keyingi birlashtirishni bekor qiling
merge-undone = Birlashtirish bekor qilindi
merge-undone-lead = Ikkala mijoz yana joyida. Birlashtirishdan keyin kelgan xabarlar o‘z joyida qoladi.
merge-left = Qaytmagan narsalar
merge-left-changed = { $field }: birlashtirishdan keyin o‘zgartirilgan, shuning uchun shundayligicha qoldi.
merge-left-taken = { $field }: hozir bu qiymat boshqa mijozda.
merge-left-contact = { $value } aloqasi: birlashtirishdan keyin o‘chirilgan yoki hozir boshqa mijozda.
problem-itself = Bu o‘sha mijozning o‘zi. Boshqasini tanlang.
error-merged = Bu boshqasi bilan birlashtirilgan
error-merged-detail = Davomi shu yerda: { $url }
error-merged-show = O‘sha yerga o‘tish
error-stale = Shu orada o‘zgardi
error-stale-detail = Siz ochganingizdan keyin kimdir buni o‘zgartirdi. Yana bir qarang va takrorlang.
error-conflict-merge = Bu mijozning o‘zi keyinroq birlashtirilgan. Avval keyingi birlashtirishni bekor qiling.
# Spotlight
chat-find = Shu suhbatda qidirish
chat-find-place = { $count } tadan { $number }
chat-find-older = Oldingisi
chat-find-newer = Keyingisi
chat-find-close = Qidiruvni yopish
spotlight-title = Qidiruv
spotlight-title-of = Qidiruv: { $query }
spotlight-label = Hamma joydan qidirish
spotlight-placeholder = Mijozlar, suhbatlar, xabarlar, sahifalar
spotlight-results = Natijalar
spotlight-pages = Sahifalar
spotlight-actions = Amallar
spotlight-messages = Xabarlar
spotlight-recent = Yaqinda ochilgan
spotlight-outbound = Siz:
spotlight-more = Yana koʻrsatish
spotlight-all = Barcha natijalarni koʻrsatish
spotlight-back = Barcha natijalarga qaytish
spotlight-none = Hech narsa topilmadi
spotlight-none-hint = Soʻzning boshini, ism yoki telefon raqamining bir qismini yozib koʻring.
spotlight-failed = Server javob bermadi. Qayta urinib koʻring.
spotlight-close = Yopish
spotlight-key-choose = tanlash
spotlight-key-open = ochish
spotlight-key-tab = yangi varaqda
spotlight-count = { $count ->
    [0] Hech narsa topilmadi
   *[other] { $count } ta natija
}
# Import va eksport: ustunlar
field-id = ID
field-full_name = Ism va familiya
field-updated = Oʻzgartirilgan
field-contact_phone = Boshqa telefonlar
field-contact_email = Boshqa e-pochtalar
field-contact_telegram = Telegram
field-contact_whatsapp = WhatsApp
field-contact_other = Boshqa kontaktlar
export = Eksport
export-csv = CSV – dasturlar va qayta import uchun
export-xlsx = XLSX – Excel va LibreOffice uchun

# Composer: drafts, templates, segments, messages for later
chat-draft = Qoralama: { $text }
composer-sending = Yuborilmoqda…
composer-templates = Tezkor javob qoʻyish
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
sms-culprit = “{ $character }” sababli Yunikod
sms-segments-live = Segmentlar: #count, qoldi: #left
sms-culprit-live = “#character” sababli Yunikod
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
problem-time-passed = Bu vaqt oʻtib ketgan. Kelgusi vaqtni tanlang.
problem-time-too-far = Koʻpi bilan bir yil oldinga.
problem-time-skipped = Bu vaqtda soatlar oldinga suriladi: bunday soat yoʻq. Boshqasini tanlang.
error-late = Kech qoldingiz
error-late-detail = Xabar yuborilmoqda yoki yuborib boʻlingan.
# Files
file-coming = Provayderdan yuklanmoqda
file-lost-gone = Fayl kelmadi: provayderda u yoʻq.
file-lost-too-large = Fayl 50 MB dan katta, shuning uchun yuklanmadi.
file-lost-refused = Fayl yuklanmadi: uning manzili xavfli.
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
error-link-detail = Muddati oʻtgan yoki toʻliq emas. Faylni chatda qaytadan oching.
error-files-too-large = Fayllar juda katta
error-files-too-large-detail = Bitta xabarning fayllari birgalikda 50 MB dan oshmasligi kerak. Hech narsa yuborilmadi.
# Mijoz sahifasi
client-edit-all = Hammasini tahrirlash
client-edit-section = Tahrirlash: { $section }
client-open-named = Ochish: { $name }
client-tabs = Profil boʻlimlari
client-tab-general = Asosiy
client-tab-messages = Xabarlar
client-tab-actions = Amallar
client-tax = Soliq
client-to-chat = Suhbatga oʻtish
client-whole-chat = Oldingi xabarlar suhbatda
client-open-chat-hint = Suhbatni davom ettiring yoki boshlang.
client-delete = Mijozni oʻchirish
client-merge-hint = Bir odam haqidagi ikki yozuvni solishtirib, bittasini qoldirish.
client-delete-hint = Avval u bilan birga nima oʻchishini koʻrasiz.
client-delete-title = { $name } oʻchirilsinmi?
client-delete-takes = Mijoz bilan birga oʻchadi:
client-delete-warning = Buni qaytarib boʻlmaydi. Faqat jurnaldagi yozuv qoladi.
client-no-actions = Rolingiz faqat koʻrishga ruxsat beradi.
client-history = Tarix
client-history-nobody = avtomatik
count-contacts = { $count ->
    [one] { $count } ta kontakt
   *[other] { $count } ta kontakt
}
count-messages = { $count ->
    [one] { $count } ta xabar
   *[other] { $count } ta xabar
}
count-files = { $count ->
    [one] { $count } ta fayl
   *[other] { $count } ta fayl
}
country-none = koʻrsatilmagan
happened-ClientCreated = Mijoz qoʻshildi
happened-ClientUpdated = Maʼlumotlar oʻzgartirildi
happened-ChatCreated = Suhbat boshlandi
happened-ClientMerged = Takrori bilan birlashtirildi
happened-ClientUnmerged = Birlashtirish bekor qilindi
conflict-note = Siz tahrirlayotganda boshqa birov buni oʻzgartirdi. Hali hech narsa saqlanmadi: solishtiring, oʻzingiznikini yoki unikini qoldiring va saqlang.
conflict-theirs = Shu orada saqlangan:
conflict-take = shunday qolsin
conflict-save = Baribir saqlash
conflict-discard = Voz kechish
problem-taken-by-client = Bu boshqa mijozda bor.
error-precondition = Bu endi boshqa versiya
error-precondition-detail = U oʻzgartirilgan. Qaytadan oʻqib, oʻzgarishni yangi ETag bilan yuboring.
# The list of clients: days, rows, deleting several
clients-created-any = Barcha davr
clients-created-week = Soʻnggi 7 kun
clients-created-month = Soʻnggi 30 kun
clients-created-since = { $date }dan beri
clients-created-until = { $date }gacha
clients-created-from = Sanadan
clients-created-to = Sanagacha
clients-show = Koʻrsatish
clients-rows = Qatorlar
clients-pick = Tanlash: { $name }
clients-pick-page = Sahifadagi hammasini tanlash
clients-picked = Tanlandi:
clients-pick-all = { $count ->
    [one] Hammasi: { $count } ta mijoz
   *[other] Hammasi: { $count } ta mijoz
}
clients-pick-found = { $count ->
    [one] Barcha topilganlar: { $count } ta mijoz
   *[other] Barcha topilganlar: { $count } ta mijoz
}
clients-delete-title = { $count ->
    [one] { $count } ta mijoz oʻchirilsinmi?
   *[other] { $count } ta mijoz oʻchirilsinmi?
}
clients-delete-warning = Quyidagilarning hammasi oʻchadi, buni qaytarib boʻlmaydi:
clients-delete-contacts = { $count ->
    [one] { $count } ta kontakt
   *[other] { $count } ta kontakt
}
clients-delete-chats = { $count ->
    [one] { $count } ta suhbat
   *[other] { $count } ta suhbat
}
clients-delete-messages = { $count ->
    [one] { $count } ta xabar
   *[other] { $count } ta xabar
}
clients-deleted = { $count ->
    [one] { $count } ta mijoz oʻchirildi.
   *[other] { $count } ta mijoz oʻchirildi.
}
clients-delete-left = { $count ->
    [one] { $count } ta qoldi.
   *[other] { $count } ta qoldi.
}
clients-delete-go-on = Davom etish
# Import
import = Import
import-title = Mijozlarni import qilish
import-file = CSV fayl
import-file-hint = Jadval dasturi saqlagan holda: vergul, nuqtali vergul yoki tabulyatsiya; UTF-8, UTF-16 yoki Windows-1251; sarlavhalar birinchi qatorda.
import-limits = Koʻpi bilan { $rows } qator va { $megabytes } MB.
import-upload = Yuklash
import-past = Avvalgi importlar
import-none = Hali hech narsa import qilinmagan
import-none-hint = Jadvalni yuklang. Biror narsa saqlanishidan oldin u nimani bildirishini va nimasi notoʻgʻriligini koʻrasiz.
import-rows = { $count ->
    [one] { $count } ta qator
   *[other] { $count } ta qator
}
import-created = { $count } ta yangi
import-updated = { $count } ta oʻzgartirilgan
import-state-mapping = Ustunlar nimani bildiradi?
import-state-checking = Qatorlar tekshirilmoqda
import-state-checked = Tekshirildi, import qilish mumkin
import-state-running = Import qilinmoqda
import-state-cancelling = Bekor qilinmoqda
import-state-failing = Ortga qaytarilmoqda
import-state-done = Import qilindi
import-state-cancelled = Bekor qilindi
import-state-failed = Import qilinmadi
import-mapping-lead = Ustunlar nimani bildiradi? Topilganlari allaqachon tanlangan; tashlab ketganlaringiz oʻqilmaydi.
import-means = { $title } nimani bildiradi
import-not-read = – oʻqilmaydi –
import-doubled = Buni boshqa ustun bildiradi.
import-no-name = Hech bir ustunda ism, telefon yoki JSHSHIR yoʻq, shuning uchun qatorlardan mijoz chiqmaydi.
import-dates = Sanalar qanday yozilgan
import-dates-day-first = Avval kun: 28.02.1990
import-dates-month-first = Avval oy: 02/28/1990
import-dates-ambiguous = Bu fayldagi sanalarni ikki xil oʻqish mumkin. Qaysi biri toʻgʻriligini tekshiring.
import-dates-hint = 1990-02-28 koʻrinishidagi sanalar har qanday holda tushunarli.
import-check = Qatorlarni tekshirish
import-progress = { $total } ta qatordan { $position } tasi. Sahifani yopsangiz ham ish davom etadi.
import-refresh = Yangilash
import-good = Yangi mijozlar
import-duplicates = Allaqachon bor
import-bad = Xatosi bor
import-made = Yangi
import-changed = Oʻzgartirildi
import-kept = Boricha qoldirildi
import-of-duplicates = Allaqachon bor mijozlar
import-skip = Boricha qoldirish
import-skip-hint = Mijoz telefoni yoki JSHSHIRi boʻyicha taniladi.
import-update = Yangilash
import-update-hint = Toʻldirilgan kataklar saqlanganini almashtiradi, boʻshlari hech narsani oʻzgartirmaydi.
import-of-bad = Xatosi bor qatorlar
import-good-only = Yaxshi qatorlarni import qilish
import-good-only-hint = Qolganlarini yuklab olib, tuzatib, keyin import qilish mumkin.
import-whole = Hamma qatorlar yoki hech biri
import-whole-hint = Biror qator saqlanmasa yoki bekor qilsangiz, hammasi avvalgi holiga qaytadi.
import-whole-not = Qatorlarda xato bor ekan, buning iloji yoʻq.
import-start = Importni boshlash
import-columns-again = Ustunlarni oʻzgartirish
import-cancel = Importni bekor qilish
import-flaws = Xatosi bor va takroriy qatorlar
import-flaws-download = CSV yuklab olish
import-flaws-more = Faylda ularning hammasi bor.
import-flaws-file = tuzatish uchun
import-row = Qator
import-row-number = { $row }-qator
import-wrong = Nimasi notoʻgʻri
import-failed = Bitta qatorni saqlab boʻlmadi, shuning uchun hech biri saqlanmadi.
import-cancelled-kept = Import yarim yoʻlda bekor qilindi. Shungacha import qilingan mijozlar saqlanib qoldi.
import-undone = U bajargan hamma ish ortga qaytarildi.
import-undone-but = { $count ->
    [one] { $count } ta mijozdan boshqa hammasi ortga qaytarildi: uni shundan beri kimdir oʻzgartirgan yoki unga yozgan.
   *[other] { $count } ta mijozdan boshqa hammasi ortga qaytarildi: ularni shundan beri kimdir oʻzgartirgan yoki ularga yozgan.
}
import-file-gone = Yuklangan fayl oʻchirildi: u bir kun saqlanadi.
import-to-clients = Mijozlarga
flaw-not-a-date = Bu tanlangan tartibdagi sana emas yoki bunday sana boʻlishi mumkin emas.
flaw-not-a-gender = Ayol, erkak yoki boshqa deb yozing.
flaw-not-a-country = Davlatni ikki harf bilan yozing, masalan UZ.
flaw-too-many-cells = Qatorda kataklar sarlavhalardan koʻp. Balki qoʻshtirnoq yetishmayotgandir.
flaw-taken = Bu allaqachon boshqa mijozda bor.
flaw-repeats = Bu { $row }-qatorda bor.
flaw-two-clients = Telefon bir mijozniki, JSHSHIR boshqasiniki.
flaw-client = Mijoz { $id }
field-last_first_name = Toʻliq ism, avval familiya
problem-not-a-table = Bu faylda sarlavhali va qatorli jadval yoʻq.
error-table-too-large = Jadval juda katta
error-table-too-large-detail = Bir martada koʻpi bilan { $rows } qator va { $megabytes } MB import qilinadi. Faylni boʻlib, qismlarini ketma-ket import qiling.

# Hisob
account-title = Hisobingiz
account-as-company = Kompaniyadagidek: { $language }
account-password = Parol
account-password-change = Parolni almashtirish
account-password-hint = Kamida sakkiz belgi. Bu yerda tizimda qolasiz, boshqa qurilmalarda chiqib ketasiz.
locale-en = inglizcha
locale-ru = ruscha
locale-uz = oʻzbekcha
theme-system = Tizimdagidek
theme-light = Yorugʻ
theme-dark = Qorongʻi
field-locale = Til
field-theme = Ranglar
field-single_keys = J, K va / kabi tugmalar
field-current_password = Hozirgi parol
field-password = Yangi parol
problem-wrong-password = Bu sizning parolingiz emas.
saved = Saqlandi
keys-title = Tezkor tugmalar
keys-on = Yoqilgan
keys-off = Oʻchirilgan
keys-spotlight = Istalgan narsani topish
keys-search = Shu roʻyxatdan izlash
keys-next = Keyingi chat
keys-previous = Oldingi chat
keys-send = Xabarni yuborish
keys-break = Xabarda yangi qator
keys-templates = Tezkor javob qoʻyish (maydon boʻsh boʻlsa)
keys-close = Ochiq narsani yopish
keys-help = Shu tugmalarni koʻrsatish

app-description = SMS, WhatsApp va Telegram orqali yozadigan mijozlar uchun umumiy pochta qutisi
offline-title = Aloqa yoʻq
offline-detail = Aloqa bilan bogʻlanib boʻlmayapti. Yozganlaringiz saqlangan, sahifa oʻzi qaytadi.
offline-again = Qayta urinish
# Telegram bilan kelganlar: xabar ostidagi takliflar, botga havolalar
offer-phone = Mijozning oʻz raqami, Telegram tasdiqlagan: { $phone }
offer-phone-take = Telefon sifatida saqlash
offer-merge = Bu roʻyxatingizdagi { $name } boʻlishi mumkin.
offer-merge-look = Solishtirish va birlashtirish
invite-entry = Telegramga taklif qilish
invite-hint = Shaxsiy havola orqali mijozning Telegrami shu suhbatga qoʻshiladi.
invite-title = Telegramga taklif: { $name }
invite-lead = Havolani SMS yoki pochta orqali yuboring. Mijoz uni ochib, “Start”ni bosganda, Telegrami shu mijozga bogʻlanadi va xabarlari shu suhbatga keladi.
invite-link = Havola
invite-good = 30 kun va bir kishi uchun amal qiladi. Havolani kim ochsa, shu mijoz deb hisoblanadi.
invite-make = Havola yaratish
invite-no-bot = Telegram bot ulanmagan.
invite-back = Mijozga qaytish
# Files in the composer; the script puts names and sizes in
composer-files = Yuboriladigan fayllar
composer-file-added = Biriktirildi: #name
composer-file-removed = Olib tashlandi: #name
composer-file-remove = Olib tashlash: #name
composer-no-folders = Papkalarni yuborib boʻlmaydi. Ichidagi fayllarni tanlang.
composer-drop = Biriktirish uchun fayllarni shu yerga tashlang
composer-uploading = Fayllar yuborilmoqda
composer-upload-cancelled = Bekor qilindi. Hech narsa yuborilmadi, matn va fayllar joyida turibdi.

# What stands for a message of files alone
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
## Kanallar
nav-channels = Kanallar
channels-title = Kanallar
channels-new = Kanal ulash
channels-new-twilio = Twilio hisobini ulash
channels-empty = Hali kanal ulanmagan
channels-empty-hint = Twilio hisobini ulang, shunda mijozlar sizga SMS va WhatsApp orqali yoza oladi.
channel-provider-twilio = Twilio
channel-heard = oxirgi vebxuk: { $time }
channel-never-heard = hali vebxuk kelmagan
channel-account-hint = Ikkalasi ham Twilio konsolining birinchi sahifasida bor. Token shifrlangan holda saqlanadi va boshqa koʻrsatilmaydi.
channel-senders = Raqamlar
channel-senders-hint = Kamida bittasi kerak. SMS Messaging Service boʻlsa u orqali, boʻlmasa raqamdan ketadi; qisqa raqam yoki 11 harfgacha nom ham boʻladi, lekin nomga javob yozib boʻlmaydi.
channel-senders-change = Bu yerdan olib tashlangan raqam navbatidagi xabarlar ketmaydi va sababi xabarda yoziladi.
channel-connect = Ulash
channel-state = Holati
channel-state-working = Ishlayapti
channel-state-failing = Ishlamayapti
channel-state-disabled = Oʻchirilgan
channel-last-webhook = Oxirgi vebxuk
channel-refused-webhook = Rad etilgan vebxuk
channel-refused-why = Imzosi toʻgʻri kelmadi: bu yerdagi token shu hisobniki emas yoki Twilio’dagi manzil quyidagidan farq qiladi.
channel-last-error = Oxirgi xato
channel-waiting = Navbatda
channel-queued = { $count ->
    [one] yuborilishi kerak: { $count } ta xabar
   *[other] yuborilishi kerak: { $count } ta xabar
}
channel-scheduled = { $count ->
    [one] keyinroqqa: { $count } ta
   *[other] keyinroqqa: { $count } ta
}
channel-test = Tekshirish
channel-enable = Yoqish
channel-disable = Oʻchirib qoʻyish
channel-disable-hint = Oʻchirilgan kanal hech narsa yubormaydi va qabul qilmaydi: shu orada mijozlar yozgani yoʻqoladi, navbatda turgani esa ketmaydi.
channel-disabled-hint = Hech narsa yuborilmaydi, mijozlar yozgani rad etiladi. Avval yuborilganlarning yetkazilgani haqidagi belgilar kelaveradi.
channel-webhooks = Twilio uchun manzillar
channel-webhooks-hint = Birinchisini Twilio konsolida raqamingiz, WhatsApp joʻnatuvchingiz yoki Messaging Service’dagi “A message comes in” maydoniga qoʻying. Ikkinchisi har bir xabar bilan oʻzi ketadi.
channel-webhook-message = Kiruvchi xabarlar
channel-webhook-status = Yetkazish hisobotlari
channel-credentials = Kirish maʼlumotlari
channel-credentials-hint = Eski token bilan endi hech narsa yuborilmaydi. U imzolagan vebxuklarga yana bir soat ishonamiz: yangisi asosiy qilinmaguncha Twilio eskisi bilan imzolaydi.
channel-leaked = Eski token begonalarga maʼlum boʻlib qolgan: hozirdan boshlab u imzolagan hech narsaga ishonilmasin
channel-rotate = Tokenni almashtirish
channel-remove = Kanalni olib tashlash
channel-remove-hint = Suhbatlar va xabarlar qoladi. Yana nima boʻlishini aytamiz va qayta soʻraymiz.
channel-remove-link = Olib tashlash…
channel-remove-title = { $name } olib tashlansinmi?
channel-remove-stays = Barcha suhbat va xabarlar qoladi: ularni oʻqish va topish mumkin.
channel-remove-stops = Mijozlar bu raqamlarga yozgani endi rad etiladi.
channel-remove-fails = { $count ->
    [0] Navbatda hech narsa yoʻq.
    [one] Navbatdagi { $count } ta xabar ketmaydi va sababi unda yoziladi.
   *[other] Navbatdagi { $count } ta xabar ketmaydi va sababi ularda yoziladi.
}
channel-remove-credentials = Kirish maʼlumotlari oʻchiriladi. Kanalni qaytarish uchun hisob qaytadan ulanadi.
channel-check-account-active = “{ $subject }” hisobi javob beryapti va faol.
channel-check-account-suspended = “{ $subject }” hisobi toʻxtatib qoʻyilgan. Sababi Twilio konsolida yozilgan.
channel-check-account-closed = “{ $subject }” hisobi yopilgan.
channel-check-account-unknown = Twilio { $subject } hisobini bilmaydi.
channel-check-credentials-refused = Twilio { $subject } hisobining tokenini qabul qilmayapti. Quyida almashtiring.
channel-check-no-answer = Twilio bilan bogʻlanib boʻlmadi: { $subject }.
channel-check-other-answer = Twilio { $subject } deb javob berdi: bu kanal haqida hech narsa demaydi. Bir daqiqadan soʻng yana urinib koʻring.
channel-check-number-found = { $subject } raqami bor va SMS yubora oladi.
channel-check-number-missing = { $subject } raqami bu hisobda yoʻq.
channel-check-number-without-sms = { $subject } raqami SMS yubora olmaydi.
channel-check-sender-name = “{ $subject }” – nom, uni Twilio’dan soʻrab boʻlmaydi. Mijozlar unga javob yoza olmaydi.
channel-check-posts-here = { $subject } ga kelgani shu yerga tushadi.
channel-check-posts-elsewhere = { $subject } ga kelgani bu yerga emas, { $detail } manziliga tushadi. Quyidagi manzilni Twilio’ga qoʻying.
channel-check-posts-nowhere = { $subject } ga kelgani hech qayerga tushmaydi. Quyidagi manzilni Twilio’ga qoʻying.
channel-check-service-found = “{ $subject }” Messaging Service bor.
channel-check-service-missing = Hisobda { $subject } Messaging Service yoʻq.
channel-check-whatsapp-online = { $subject } WhatsApp’da ishlayapti.
channel-check-whatsapp-offline = { $subject } WhatsApp’da roʻyxatdan oʻtgan, lekin hali ishga tushmagan.
channel-check-whatsapp-missing = { $subject } bu hisobning WhatsApp joʻnatuvchisi emas.
channel-check-whatsapp-unchecked = { $subject } WhatsApp joʻnatuvchisimi, Twilio aytmadi. Oʻzingizga xabar yozib koʻrsangiz, bilinadi.
copy = Nusxa olish
copied = Nusxa olindi
field-account_sid = Account SID
field-auth_token = Token (Auth token)
field-sms_number = SMS raqami
field-whatsapp_number = WhatsApp raqami
field-messaging_service_sid = Messaging Service SID
field-leaked = Begonalarga maʼlum
field-enabled = Yoqilgan
problem-not-a-sid = Bu SID emas: u { $prefix } bilan boshlanadi va 34 belgidan iborat.
problem-not-a-sender = Bu raqam ham, qisqa raqam ham, 11 tagacha lotin harfi va raqamdan iborat nom ham emas.
problem-sender-required = Raqam yoki Messaging Service kiriting.
problem-credentials-refused = Twilio bu hisob va tokenni qabul qilmayapti.
problem-channel-off = Buning kanali oʻchirib qoʻyilgan.
composer-channel-off = kanal oʻchirib qoʻyilgan
failure-channel-disabled = Kanal oʻchirib qoʻyilgan.
failure-channel-removed = Kanal olib tashlangan.
failure-channel-changed = Kanalda buning uchun raqam qolmagan.
failure-no-answer = Provayder bilan bogʻlanib boʻlmadi.
channel-check-bot-active = { $subject } boti javob beryapti.
channel-check-bot-refused = Telegram { $subject } tokenini qabul qilmayapti. Uni BotFatherdan oling va quyida almashtiring.
channel-check-bot-no-answer = Telegramga ulanib boʻlmadi: { $subject }.
channel-check-bot-posts-here = { $subject } ga kelgan xabarlar shu yerga yuboriladi.
channel-check-bot-posts-elsewhere = { $subject } ga kelgan xabarlar bu yerga emas, { $detail } ga yuborilyapti. Qaytarib olish uchun kanalni oʻchirib, qayta yoqing.
channel-check-bot-posts-nowhere = { $subject } ga kelgan xabarlar hech qayerga yuborilmayapti. Kanalni oʻchirib, qayta yoqing.
channel-check-bot-post-failed = Telegram { $subject } ga kelganini yetkaza olmadi: { $detail }

## Yuborish
queue-title = Navbat va nosozliklar
queue-queued = Yuboriladi
queue-under-way = Yuborilmoqda
queue-retried = Qayta uriniladi
queue-scheduled = Keyinroqqa
queue-failed = Yetkazilmadi
queue-unknown = Taqdiri nomaʼlum
queue-removed = Olib tashlangan kanallar
queue-undelivered = Yetkazilmaganlar
queue-channel = Kanal
queue-all-channels = Barcha kanallar
queue-show = Koʻrsatish
queue-nothing-failed = Nosozlik yoʻq
queue-message = Xabar
queue-when = Qachon
queue-pick = { $name } uchun xabarni tanlash
queue-unknown-hint = Yetib borgan boʻlishi mumkin. Qayta yuborishdan oldin suhbatga qarang.
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
channel-bot-hint = Uni BotFather /newbot buyrugʻi bilan beradi. Token shifrlangan holda saqlanadi va boshqa koʻrsatilmaydi. Mijozlar botga yozgani endi faqat shu yerga keladi.
channel-bot-credentials-hint = Oʻsha botning yangi tokeni, BotFatherdagi /revoke buyrugʻidan keyin. Eskisi bilan endi hech narsa yuborilmaydi.
channel-bot-disable-hint = Oʻchirilgan bot hech narsa yubormaydi va eshitmaydi; navbatda turgani ketmaydi. Shu orada yozilganini Telegram bir kun saqlaydi.

# Twilio: xabarlardan voz kechish, WhatsApp oynasi, tasdiqlangan shablonlar
composer-opted-out = mijoz xabarlardan voz kechgan
composer-opted-out-how = { $transport }: mijoz STOP deb yozib, xabarlardan voz kechgan. Uni faqat mijozning oʻzi START deb yozib qayta ochadi.
composer-closed-by-client = { $transport }: { $why }.
problem-opted-out = Mijoz STOP deb yozib, xabarlardan voz kechgan. Uni faqat mijozning oʻzi START deb yozib qayta ochadi.
problem-window-closed = Mijoz WhatsApp orqali oxirgi marta 24 soatdan koʻproq oldin yozgan. Tasdiqlangan shablonni yuboring.
problem-too-many-lines = Qatorlar matndagi oʻzgaruvchilardan koʻp: koʻpi bilan { $max } ta.
window-open = 24 soatlik oyna { $hours } soat { $minutes } daqiqadan keyin yopiladi.
window-open-minutes = 24 soatlik oyna { $minutes } daqiqadan keyin yopiladi.
window-closed = Mijoz WhatsApp orqali oxirgi marta 24 soatdan koʻproq oldin yozgan. U yana yozmaguncha WhatsApp faqat tasdiqlangan shablonlarni qabul qiladi.
window-unopened = Mijoz hali WhatsApp orqali yozmagan. Ungacha WhatsApp faqat tasdiqlangan shablonlarni qabul qiladi.
approved-title = Tasdiqlangan shablonlar
approved-hint = WhatsApp shu raqam uchun tasdiqlagan matnlar. Ularni istalgan vaqtda, mijoz 24 soatdan koʻproq oldin yozgan boʻlsa ham yuborish mumkin.
approved-new = Shablon qoʻshish
approved-edit = Tasdiqlangan shablon
approved-form-hint = WhatsApp tasdiqlagach, shablonni Twilio’dagi Content Template Builder’dan koʻchiring. Bu yerdagi oʻzgarish uni u yerda oʻzgartirmaydi.
approved-body-hint = Tasdiqlangan matn, oʻzgaruvchilari {"{{1}}"}, {"{{2}}"} va hokazo koʻrinishida.
approved-defaults-hint = Har bir oʻzgaruvchiga bittadan qator, tartibi bilan; boʻsh qolgani yuborishdan oldin toʻldiriladi. Quyidagi oʻrin belgilarini ishlatish mumkin:
approved-delete-title = Bu shablon oʻchirilsinmi?
approved-delete-warning = Uni Aloqa’dan boshqa yuborib boʻlmaydi. Yuborilganlari suhbatlarda qoladi, Twilio’da hech narsa oʻzgarmaydi.
approved-none = Tasdiqlangan shablon yoʻq
approved-none-hint = Bu WhatsApp raqami uchun hali tasdiqlangan shablon yoʻq.
approved-to-settings = Sozlamalarda qoʻshish
approved-all = Tasdiqlangan shablonlar
approved-variable = { $number }-oʻzgaruvchi
approved-preview = Mijoz shuni oʻqiydi
approved-send-hint = WhatsApp orqali tasdiqlangan koʻrinishida yuboriladi.
field-content_sid = Content SID
field-language = Til kodi
field-body = Tasdiqlangan matn
field-defaults = Boshlangʻich qiymatlar
message-approved = tasdiqlangan shablon
failure-21655 = Twilio bu tasdiqlangan shablonni bilmaydi. Administratordan uning Content SID’ini tekshirishni soʻrang.
failure-21656 = Qiymatlar tasdiqlangan shablonga mos kelmaydi. Administratordan uning oʻzgaruvchilarini tekshirishni soʻrang.
# Instant messages: the list's order, the editor, its example
templates-sort = Tartib
sort-uses = Avval koʻp ishlatilganlari
templates-unused = Hali ishlatilmagan
templates-uses = { $count } marta ishlatilgan
templates-none-found-hint = Nomi yoki matnidagi boshqa soʻzni sinab koʻring.
templates-duplicate = Nusxa olish
templates-duplicate-name = “{ $name }” nusxasini olish
templates-copy-of = { $name } (nusxa)
templates-preview = Koʻrib chiqish
templates-preview-empty = Yozganingiz bu yerda mijozga qanday borsa, shunday koʻrsatiladi.
templates-nameless = Ismi nomaʼlum mijoz
templates-placeholders-hint = Matn ishlatilganda toʻldiriladi. Nomaʼlumi verguli bilan tushirib qoldiriladi.
placeholder-client-first_name = Mijozning ismi
placeholder-client-last_name = Mijozning familiyasi
placeholder-client-full_name = Mijozning toʻliq ismi
placeholder-user-first_name = Sizning ismingiz
placeholder-user-full_name = Sizning toʻliq ismingiz
placeholder-tenant-name = Kompaniya
sample-first-name = Aziza
sample-last-name = Karimova

# The frame of pages
nav-names = Nomlarni koʻrsatish
nav-icons = Faqat belgilar

# A number alone, which is written as the language does
number = { $count }
# Simulyator: mijozlarning telefonlari
nav-simulator = Simulyator
simulator-lead = Mijozlarning telefonlari oʻrnini bosadi. Bu yerda yozilgani provayderdan kelgandek, imzolangan vebxuk bilan keladi; chatlardan yuborilgani shu yerda koʻrinadi.
simulator-no-channel = Simulyatsiya uchun kanal yoʻq
simulator-who = Kim yozadi
simulator-number = Telefon raqami
simulator-username = Telegram foydalanuvchi nomi
simulator-take = Olish
simulator-search = Mijozni topish
simulator-nobody = Bunday bogʻlanadigan mijoz yoʻq. Yuqorida raqam yoki foydalanuvchi nomini yozing.
simulator-choose = Kim yozishini tanlang.
simulator-phone-of = Telefon: { $name }
simulator-empty = Bu yerda hali hech narsa yoʻq
simulator-write = { $name }ga yozish
simulator-report = Holatini bildirish
simulator-answered = Aloqa { $status } deb javob berdi: xabar qabul qilinmadi.
simulator-refused = Aloqa #status deb javob berdi: qabul qilinmadi.
simulator-orders = Provayder oʻzini qanday tutadi
simulator-orders-of = Shu telefonga nisbatan: { $name }
simulator-seconds = Soniyalar
simulator-code = Xato kodi
simulator-once = Faqat keyingi xabar uchun
simulator-order = Qoʻllash
simulator-hint = Har bir holatdan oldin shuncha soniya oʻtadi; 429 javobi ham shuncha kutishni soʻraydi. Holatni qoʻlda ham bildirish mumkin: har bir xabar ostida, istalgan tartibda.
simulator-hint-telegram = 429 deb javob berganda provayder shuncha soniya kutishni soʻraydi. Telegram yetkazilgani va oʻqilganini bildirmaydi.
phone-file = { $number }-fayl
play-deliver = Yetkazadi
play-telegram-deliver = Xabarni qabul qiladi
play-read = Yetkazadi, mijoz oʻqiydi
play-hold = Qabul qiladi; holatini oʻzim bildiraman
play-undelivered = Yetkazilmadi deb bildiradi
play-failed = Xato deb bildiradi
play-refused = Darhol rad etadi
play-telegram-refused = Mijoz botni bloklagan
play-too-many = Soʻrovlar juda koʻp (429)
play-unavailable = Ishlamayapti (503)
play-reset = Oʻqiydi, keyin aloqa uziladi
play-hang = Oʻqiydi va hech javob bermaydi
turned-refused = Xabar rad etildi
turned-too-many = Xabarga 429 deb javob berildi
turned-unavailable = Xabarga 503 deb javob berildi
turned-reset = Xabar oʻqildi, aloqa uzildi
turned-hang = Xabar oʻqildi, javob berilmadi
report-queued = navbatda
report-sent = yuborildi
report-delivered = yetkazildi
report-read = oʻqildi
report-undelivered = yetkazilmadi
report-failed = xato
field-from = Kim yozadi
field-seconds = Soniyalar
field-code = Xato kodi

# Xodimlar uchun bildirishnomalar
notifications-title = Bildirishnomalar
notifications-telegram = Telegram
notifications-linked = Bildirishnomalar shu yerga keladi: { $name }.
notifications-unlink = Uzish
notifications-lost = Bot bloklangan ({ $time }), shuning uchun bildirishnomalar kelmaydi. Ularni olish uchun Telegramni qayta ulang.
notifications-no-bot = Kompaniyada xabar bera oladigan Telegram bot yoʻq. Uni administrator «Kanallar» boʻlimida ulaydi.
notifications-how = Kompaniyaning boti qayerda boʻlsangiz ham Telegramda xabarlar haqida sizga aytib turishi mumkin.
notifications-link = Telegramni @{ $bot } orqali ulash
notifications-open = @{ $bot } ni ochish
notifications-then = U yerda bir soat ichida «Start»ni bosing.
notifications-of = Nimalar haqida xabar berilsin
told-of-all = Mijozlarning barcha xabarlari haqida
told-of-mine = Men yozgan mijozlarning xabarlari haqida
told-of-none = Mijozlarning xabarlari haqida aytilmasin
notifications-failed = Yetib bormagan oʻz xabarlarim haqida
notifications-with-text = Xabar matni koʻrsatilsin
notifications-quiet = Tinch soatlar
notifications-quiet-hint = Birinchi soatdan ikkinchisigacha bildirishnoma kelmaydi, kompaniyaning vaqt mintaqasida ({ $zone }); shu orada kelgani, hech kim oʻqimagan boʻlsa, keyin aytiladi. Boʻsh boʻlsa — tinch soatlar yoʻq.
field-quiet_from = Dan
field-quiet_to = Gacha
notifications-device = Shu qurilmada
notifications-device-hint = Aloqa siz qaramayotgan ichki oynada ochiq turganda.
notifications-device-script = Buning uchun JavaScript kerak.
notifications-denied = Brauzer bu sayt bildirishnomalariga ruxsat bermaydi. Buni uning sozlamalarida oʻzgartirish mumkin.
notifications-browser = Bildirishnomalar
notifications-sound = Ovoz
notice-inbound = { $count ->
    [1] { $client } yangi xabar yozdi ({ $company })
   *[other] { $client } { $count } ta yangi xabar yozdi ({ $company })
}
notice-failed = { $count ->
    [1] Xabaringiz yetib bormadi: { $client } ({ $company })
   *[other] { $count } ta xabaringiz yetib bormadi: { $client } ({ $company })
}
notice-linked = Tayyor: endi { $company } sizga xabarlar haqida shu yerda aytadi.
