### Uzbek: the texts of the feature module `activity`.

## Staff notifications

notifications-title = Bildirishnomalar
notifications-telegram = Telegram
notifications-linked = Bildirishnomalar shu yerga keladi: { $name }.
notifications-unlink = Uzish
notifications-lost = Bot bloklangan ({ $time }), shuning uchun bildirishnomalar kelmaydi. Ularni olish uchun Telegramni qayta ulang.
notifications-no-bot = Ish maydonida bildirishnoma yuboradigan Telegram bot yoʻq. Uni administrator “Kanallar” boʻlimida ulaydi.
notifications-how = Ish maydonining boti qayerda boʻlsangiz ham xabarlar haqida Telegramda bildirishnoma yuborishi mumkin.
notifications-link = Telegramni @{ $bot } orqali ulash
notifications-open = Ochish: @{ $bot }
notifications-then = U yerda bir soat ichida “Start”ni bosing.
notifications-of = Nimalar haqida bildirishnoma kelsin
told-of-all = Mijozlarning barcha xabarlari haqida
told-of-mine = Men yozgan mijozlarning xabarlari haqida
told-of-none = Mijozlarning xabarlari haqida kelmasin
notifications-failed = Yetib bormagan oʻz xabarlarim haqida
notifications-with-text = Xabar matni koʻrsatilsin
notifications-quiet = Tinch soatlar
notifications-quiet-hint = Bu soatlar orasida bildirishnoma kelmaydi. Vaqt mintaqasi ish maydoniniki ({ $zone }). Hech kim oʻqimagan xabarlar haqida keyin bildiriladi. Boʻsh boʻlsa, tinch soatlar yoʻq.
field-inbound = { notifications-of }
field-failed = { notifications-failed }
field-with_text = { notifications-with-text }
field-quiet_from = Boshlanishi
field-quiet_to = Tugashi
notifications-device = Shu qurilmada
notifications-device-hint = Aloqa orqa fondagi varaqda ochiq turganda.
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
notice-linked = Tayyor: { $company } bildirishnomalari endi shu yerga keladi.

## Audit log

audit-title = Audit jurnali
audit-lead = Barcha oʻzgarishlar va kirishlar: kim, qachon va qayerdan. Yozuvlarni oʻzgartirib boʻlmaydi.
audit-search = Ism, qiymat yoki manzil
audit-kind = Hodisa
audit-any-kind = Barcha hodisalar
audit-actor = Muallif
audit-actor-type = Muallif turi
audit-any-actor = Barcha mualliflar
audit-object = Obyekt
audit-object-type = Obyekt turi
audit-object-id = Obyekt raqami
audit-any-object = Barcha obyektlar
audit-from = Dan
audit-to = Gacha
audit-all = Hammasini koʻrsatish
audit-id = Raqam
audit-at = Vaqt
audit-changes = Oʻzgarishlar
audit-address = Manzil
audit-same-object = Shu haqda hammasi
audit-none-found = Hech narsa topilmadi
audit-none-found-hint = Boshqa soʻz yoki boshqa davrni sinab koʻring.
audit-empty = Hali hech narsa boʻlmagan
audit-empty-hint = Oʻzgarishlar va kirishlar shu yerda koʻrinadi.
audit-count = { $count ->
   *[other] { $count } ta yozuv
}
audit-field-peer = Manzil
audit-field-device = Qurilma
audit-field-merged = Birlashtirilgan mijoz
audit-field-format = Format
audit-field-rows = Qatorlar
audit-field-expires_at = Tugash vaqti
audit-field-permission = Huquq
audit-field-account = Hisob
audit-field-enabled = Yoqilgan
audit-field-whatsapp_template = WhatsApp shabloni
audit-field-email = E-pochta
audit-field-phone = Telefon
audit-field-telegram = Telegram
audit-field-whatsapp = WhatsApp
audit-field-other = Boshqa kontakt
actor-user = Xodim
actor-api_key = API kaliti
actor-system = avtomatik
actor-operator = Operator
object-api_key = API kaliti
object-role = Rol
object-channel = Kanal
object-template = Tezkor javob
object-invitation = Taklif
object-chat = Suhbat
object-client = Mijoz
object-user = Xodim
object-workspace = Ish maydoni
happened-ClientsExported = Mijozlar eksport qilindi
happened-ClientDeleted = Mijoz oʻchirildi
happened-MessageReceived = Xabar keldi
happened-MessageSent = Xabar yuborildi
happened-MessageScheduled = Xabar rejalashtirildi
happened-ScheduleChanged = Rejalashtirilgan xabar oʻzgartirildi
happened-ScheduleCancelled = Rejalashtirilgan xabar bekor qilindi
happened-MessageStatusChanged = Xabar holati oʻzgardi
happened-MessageEdited = Xabar tahrirlandi
happened-ReachChanged = Mijozga yozish imkoniyati oʻzgardi
happened-MessageFilesChanged = Xabar fayllari yuklandi
happened-MessageReactionsChanged = Xabarga reaksiyalar oʻzgardi
happened-MessageRead = Xabarlar oʻqildi
happened-MessageUnread = Suhbat oʻqilmagan deb belgilandi
happened-TemplateCreated = Tezkor javob yaratildi
happened-TemplateUpdated = Tezkor javob oʻzgartirildi
happened-TemplateDeleted = Tezkor javob oʻchirildi
happened-ChannelAdded = Kanal ulandi
happened-ChannelChanged = Kanal oʻzgartirildi
happened-ChannelCredentialsChanged = Kanal kalitlari almashtirildi
happened-ChannelDisabled = Kanal toʻxtatildi
happened-ChannelEnabled = Kanal yoqildi
happened-ChannelRemoved = Kanal olib tashlandi
happened-SignedOut = Chiqildi
happened-AccountUpdated = Oʻz maʼlumotlari oʻzgartirildi
happened-UserCreated = Xodim yaratildi
happened-AccessRefused = Ruxsat berilmadi
happened-WorkspaceSuspended = Ish maydoni toʻxtatildi
happened-WorkspaceResumed = Ish maydoni tiklandi
happened-AuditExported = Audit jurnali eksport qilindi
happened-SignedIn = Kirildi
happened-PasswordChanged = Parol oʻzgartirildi
happened-PasswordReset = Parol tiklandi
happened-UserDisabled = Xodim oʻchirib qoʻyildi
happened-UserEnabled = Xodim yoqildi
happened-UserRoleChanged = Xodimning roli oʻzgartirildi
happened-UserInvited = Xodim taklif qilindi
happened-InvitationWithdrawn = Taklif qaytarib olindi
happened-InvitationAccepted = Taklif qabul qilindi
happened-PasswordLinkCreated = Yangi parol uchun havola yaratildi
happened-RoleCreated = Rol yaratildi
happened-RoleUpdated = Rol oʻzgartirildi
happened-RoleDeleted = Rol oʻchirildi
happened-SessionEnded = Seans tugatildi
happened-TokenCreated = API kaliti yaratildi
happened-TokenRevoked = API kaliti bekor qilindi
happened-SignInFailed = Kirish muvaffaqiyatsiz
happened-SignInBlocked = Kirish bloklandi
happened-TwoFactorEnabled = Ikki bosqichli kirish yoqildi
happened-TwoFactorDisabled = Ikki bosqichli kirish oʻchirildi
happened-TwoFactorReset = Ikkinchi bosqich olib tashlandi
happened-RecoveryCodeUsed = Zaxira kodi ishlatildi
happened-WorkspaceChanged = Ish maydoni sozlamalari oʻzgartirildi
