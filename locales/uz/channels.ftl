### Uzbek: the texts of the feature module `channels`.

## Telegram: suggestions under messages, invite links

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

## Channels

nav-channels = Kanallar
channels-title = Kanallar
channels-new = Kanal ulash
channels-new-twilio = Twilio hisobini ulash
channels-empty = Hali kanal ulanmagan
channels-empty-hint = Twilio hisobini ulang, shunda mijozlar sizga SMS va WhatsApp orqali yoza oladi.
channel-provider-twilio = Twilio
channel-heard = oxirgi vebxuk: { $time }
channel-never-heard = hali hech narsa kelmagan
channel-connect-hint-twilio = Ikkalasi ham Twilio konsolining birinchi sahifasida bor. Token shifrlangan holda saqlanadi va boshqa koʻrsatilmaydi.
channel-senders = Raqamlar
channel-senders-hint-twilio = Kamida bittasi kerak. SMS Messaging Service boʻlsa u orqali, boʻlmasa raqamdan ketadi; qisqa raqam yoki 11 harfgacha nom ham boʻladi, lekin nomga javob yozib boʻlmaydi.
channel-senders-change = Bu yerdan olib tashlangan raqam navbatidagi xabarlar ketmaydi va sababi xabarda yoziladi.
channel-connect = Ulash
channel-state = Holati
channel-state-working = Ishlayapti
channel-state-failing = Ishlamayapti
channel-state-disabled = Toʻxtatilgan
channel-unproven-hint = Provayder hisob va tokenni hali tasdiqlamagan. Kanalni tekshiring yoki u orqali xabar yuboring. Shungacha hisobni tasdiqlagan boshqa ish maydoni raqamlarni oladi.
channel-state-unproven = Tasdiqlanmagan
channel-missed = Oʻtkazib yuborilgan xabarlar
channel-missed-count = { $count } ta xabar olindi
channel-missed-none = Yoʻq
channel-missed-read = Oxirgi tekshiruv: { $time }
channel-missed-fetch = Oʻtkazib yuborilganlarini olish
channel-last-webhook = Oxirgi vebxuk
channel-refused-webhook = Rad etilgan vebxuk
channel-refused-why-twilio = Imzosi toʻgʻri kelmadi: bu yerdagi token shu hisobniki emas yoki Twilio’dagi manzil quyidagidan farq qiladi.
channel-last-error = Oxirgi xato
channel-waiting = Navbatda
channel-queued = { $count ->
    [one] yuborilishi kerak: { $count } ta xabar
   *[other] yuborilishi kerak: { $count } ta xabar
}
channel-scheduled = { $count ->
    [one] rejalashtirilgan: { $count } ta
   *[other] rejalashtirilgan: { $count } ta
}
channel-test = Tekshirish
channel-enable = Yoqish
channel-disable = Toʻxtatish
channel-disable-link = Toʻxtatish…
channel-disable-hint-twilio = Toʻxtatilgan kanal hech narsa yubormaydi va qabul qilmaydi: shu orada mijozlar yozgan xabarlar yoʻqoladi, navbatdagi xabarlar esa ketmaydi.
channel-disabled-hint = Hech narsa yuborilmaydi, mijozlar yozgani rad etiladi. Avval yuborilganlarning yetkazilgani haqidagi belgilar kelaveradi.
channel-webhooks-twilio = Twilio uchun manzillar
channel-webhooks-hint-twilio = Birinchisini Twilio konsolida raqamingiz, WhatsApp joʻnatuvchingiz yoki Messaging Service’dagi “A message comes in” maydoniga qoʻying. Ikkinchisi har bir xabar bilan avtomatik yuboriladi.
channel-webhook-message = Kiruvchi xabarlar
channel-webhook-status = Yetkazish hisobotlari
channel-credentials = Kirish maʼlumotlari
channel-credentials-hint-twilio = Eski token bilan endi hech narsa yuborilmaydi. U imzolagan vebxuklar yana bir soat qabul qilinadi: yangisi asosiy qilinmaguncha Twilio eskisi bilan imzolaydi.
channel-leaked = Eski token begonalarga maʼlum boʻlib qolgan: hozirdan u imzolagan hamma narsa rad etilsin
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
channel-check-posts-here = { $subject } raqamiga yozilgan xabarlar shu yerga keladi.
channel-check-posts-elsewhere = { $subject } raqamiga yozilgan xabarlar bu yerga emas, { $detail } manziliga boradi. Quyidagi manzilni Twilio’ga qoʻying.
channel-check-posts-nowhere = { $subject } raqamiga yozilgan xabarlar hech qayerga bormaydi. Quyidagi manzilni Twilio’ga qoʻying.
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
problem-channel-off = Buning kanali toʻxtatilgan.
composer-channel-off = kanal toʻxtatilgan
failure-channel-disabled = Kanal toʻxtatilgan.
failure-channel-removed = Kanal olib tashlangan.
failure-channel-changed = Kanalda buning uchun raqam qolmagan.
failure-address-removed = Xabar yuborilishidan oldin manzil mijozdan olib tashlangan. Boshqa manzilni tanlab, xabarni qayta yuboring.
failure-no-answer = Provayder bilan bogʻlanib boʻlmadi.
channel-check-bot-active = { $subject } boti javob beryapti.
channel-check-bot-refused = Telegram { $subject } tokenini qabul qilmayapti. Uni BotFatherdan oling va quyida almashtiring.
channel-check-bot-no-answer = Telegramga ulanib boʻlmadi: { $subject }.
channel-check-bot-posts-here = { $subject } botiga yozilgan xabarlar shu yerga keladi.
channel-check-bot-posts-elsewhere = { $subject } botiga yozilgan xabarlar bu yerga emas, { $detail } manziliga boradi. Qaytarish uchun kanalni toʻxtatib, qayta yoqing.
channel-check-bot-posts-nowhere = { $subject } botiga yozilgan xabarlar hech qayerga bormaydi. Kanalni toʻxtatib, qayta yoqing.
channel-check-bot-post-failed = Telegram { $subject } botiga yozilgan xabarlarni yetkaza olmadi: { $detail }

## Twilio: opt-out, WhatsApp's service window, WhatsApp templates

composer-opted-out = mijoz xabarlardan voz kechgan
composer-opted-out-how = { $transport }: mijoz STOP deb yozib, xabarlardan voz kechgan. Uni faqat mijozning oʻzi START deb yozib qayta ochadi.
composer-closed-by-client = { $transport }: { $why }.
problem-opted-out = Mijoz STOP deb yozib, xabarlardan voz kechgan. Uni faqat mijozning oʻzi START deb yozib qayta ochadi.
problem-country-not-allowed = { $country } raqamlariga xabar yuborish taqiqlangan. Administrator ish maydoni sozlamalarida ruxsat berishi mumkin.
problem-number-of-no-country = Hech bir davlatga tegishli boʻlmagan raqamlarga xabar yuborish taqiqlangan. Administrator ish maydoni sozlamalarida ruxsat berishi mumkin.
composer-country-not-allowed = bu davlatga yuborish taqiqlangan
problem-window-closed = Mijoz WhatsApp orqali oxirgi marta 24 soatdan koʻproq oldin yozgan. Tasdiqlangan shablonni yuboring.
problem-window-unopened = Mijoz hali WhatsApp orqali yozmagan. Tasdiqlangan shablonni yuboring.
problem-too-many-lines = Qatorlar matndagi oʻzgaruvchilardan koʻp: koʻpi bilan { $max } ta.
window-open = Yana { $hours } soat { $minutes } daqiqa erkin javob yozish mumkin.
window-open-minutes = Yana { $minutes } daqiqa erkin javob yozish mumkin.
window-closed = Mijoz WhatsApp orqali oxirgi marta 24 soatdan koʻproq oldin yozgan. U yana yozmaguncha WhatsApp faqat tasdiqlangan shablonlarni qabul qiladi.
window-unopened = Mijoz hali WhatsApp orqali yozmagan. Ungacha WhatsApp faqat tasdiqlangan shablonlarni qabul qiladi.
approved-title = Tasdiqlangan shablonlar
approved-hint = WhatsApp shu raqam uchun tasdiqlagan matnlar. Ularni istalgan vaqtda, mijoz 24 soatdan koʻproq oldin yozgan boʻlsa ham yuborish mumkin.
approved-new = Shablon qoʻshish
approved-edit = Tasdiqlangan shablon
approved-form-hint = WhatsApp tasdiqlagach, shablonni Twilio’dagi Content Template Builder’dan koʻchiring. Bu yerdagi oʻzgarish uni u yerda oʻzgartirmaydi.
approved-body-hint = Tasdiqlangan matn, oʻzgaruvchilari {"{{1}}"}, {"{{2}}"} va hokazo koʻrinishida.
approved-defaults-hint = Har bir oʻzgaruvchiga bittadan qator, tartibi bilan; boʻsh qolgani yuborishdan oldin toʻldiriladi. Quyidagi maydonlarni ishlatish mumkin:
approved-delete-title = Bu shablon oʻchirilsinmi?
approved-delete-warning = Uni Aloqa’dan boshqa yuborib boʻlmaydi. Yuborilganlari suhbatlarda qoladi, Twilio’da hech narsa oʻzgarmaydi.
approved-none = Tasdiqlangan shablon yoʻq
approved-none-hint = Bu WhatsApp raqami uchun hali tasdiqlangan shablon yoʻq.
approved-to-settings = Sozlamalarda qoʻshish
approved-all = Tasdiqlangan shablonlar
approved-variable = { $number }-oʻzgaruvchi
approved-preview = Mijoz shuni koʻradi
approved-send-hint = WhatsApp orqali tasdiqlangan koʻrinishida yuboriladi.
field-content_sid = Content SID
field-language = Til kodi
field-body = Tasdiqlangan matn
field-defaults = Standart qiymatlar
message-approved = tasdiqlangan shablon
failure-21655 = Twilio bu tasdiqlangan shablonni bilmaydi. Administratordan uning Content SID’ini tekshirishni soʻrang.
failure-21656 = Qiymatlar tasdiqlangan shablonga mos kelmaydi. Administratordan uning oʻzgaruvchilarini tekshirishni soʻrang.
