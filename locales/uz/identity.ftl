### Uzbek: the texts of the feature module `identity`.

## Sign in

login-title = Kirish
login-lead = Ish maydoningizga kiring.
login-email = E-pochta
login-password = Parol
login-submit = Kirish
login-denied = E-pochta yoki parol notoʻgʻri.
login-choose-title = Ish maydonini tanlang
login-choose-lead = Bir nechta ish maydonidasiz. Parolni yana kiriting va birini tanlang.

## Account

account-title = Hisobingiz
account-as-company = Ish maydonidagidek: { $language }
account-password = Parol
account-password-change = Parolni almashtirish
account-password-hint = Kamida sakkiz belgi. Bu yerda tizimda qolasiz, boshqa qurilmalarda chiqib ketasiz.
locale-en = English
locale-ru = Русский
locale-uz = Oʻzbekcha
theme-system = Tizim mavzusi
theme-light = Yorugʻ
theme-dark = Qorongʻi
field-locale = Til
field-theme = Mavzu
field-single_keys = Bir tugmali buyruqlar (J, K, /)
field-current_password = Hozirgi parol
field-password = Yangi parol
problem-common-password = Bu parolni topish juda oson.
problem-wrong-password = Parol notoʻgʻri.
saved = Saqlandi
keys-title = Tezkor tugmalar
keys-on = Yoqilgan
keys-off = Yoqilmagan
keys-spotlight = Hamma joydan qidirish
keys-search = Shu roʻyxatdan qidirish
keys-next = Keyingi suhbat
keys-previous = Oldingi suhbat
keys-send = Xabarni yuborish
keys-break = Xabarda yangi qator
keys-templates = Tezkor javob qoʻshish (maydon boʻsh boʻlsa)
keys-leave = Xabar maydonidan chiqish
keys-return = Xabar maydoniga qaytish
keys-close = Oynani yopish
keys-help = Tezkor tugmalarni koʻrsatish
app-description = SMS, WhatsApp va Telegram orqali yozadigan mijozlar bilan yagona suhbat oynasi
offline-title = Internet yoʻq
offline-detail = Server javob bermayapti. Yozganlaringiz saqlangan, sahifa oʻzi ochiladi.
offline-again = Qayta urinish

## Kirish: seanslar, API kalitlari, jamoa va rollar

account-more = Boshqa sozlamalar
last-used = oxirgi foydalanish: { $time }
never-used = hali ishlatilmagan
ends = amal qilish muddati: { $date }
sessions-title = Seanslar
sessions-lead = Siz kirgan brauzerlar. Parol almashtirilsa, qolgan barcha seanslar tugaydi.
session-begun = kirilgan vaqt: { $time }
session-current = shu brauzer
session-end = Chiqish
session-unknown = Nomaʼlum brauzer
api-keys-title = API kalitlari
api-keys-lead = Kalit bilan dastur siz qila oladigan yoki rol ruxsat bergan ishlarni bajaradi.
api-keys-empty = API kalitlari yoʻq
api-keys-empty-hint = Shu ish maydoni bilan ishlaydigan dastur uchun kalit yarating.
api-key-created = Yangi kalit faqat hozir koʻrsatiladi. Uni ishonchli joyga saqlab qoʻying.
api-key-service = xizmat hisobi
api-key-revoke = Bekor qilish
api-key-new = Yangi API kaliti
api-key-own = Mening nomimdan
api-key-permissions = Faqat shu ruxsatlar (tanlanmasa — hammasi)
api-key-create = Kalit yaratish
field-expires_in = Amal qilish muddati, kun (365)
field-role = Rol
field-permissions = Ruxsatlar
field-disabled = Oʻchirilgan
team-title = Jamoa
team-link = { $email } uchun bu havola faqat hozir koʻrsatiladi. Nusxa olib yuboring; u bir marta ishlaydi.
team-disabled-since = toʻxtatilgan sana: { $date }
team-seen = oxirgi faollik: { $time }
team-change = Oʻzgartirish
team-change-name = Oʻzgartirish: { $name }
team-reset-link = Yangi parol uchun havola
team-disable = Toʻxtatish
team-enable = Yoqish
team-me = siz
team-total = { $count ->
   *[other] { $count } ta foydalanuvchi
}
team-invitations = Takliflar
team-withdraw = Qaytarib olish
team-invite = Hamkasbni taklif qilish
team-invite-hint = Siz yuborish uchun havola olasiz. U yetti kun ichida bir marta ishlaydi.
team-invite-create = Havola yaratish
roles-title = Rollar
roles-lead = Rol foydalanuvchilari nima qila olishini belgilaydi.
role-administrator = Administrator
role-manager = Menejer
role-agent = Operator
role-read-only = Faqat koʻrish
role-builtin = tayyor rol
role-users = { $count ->
   *[other] { $count } ta foydalanuvchi
}
role-new = Yangi rol
role-permissions = Ruxsatlar
role-create = Rol yaratish
role-delete = Rolni oʻchirish
permission-client-create = Mijoz yaratish va import qilish
permission-client-read = Mijozlarni koʻrish
permission-client-update = Mijozlar va ularning kontaktlarini oʻzgartirish
permission-client-delete = Mijozlarni oʻchirish va birlashtirish
permission-client-export = Mijozlarni eksport qilish
permission-chat-read = Suhbatlar va xabarlarni koʻrish
permission-chat-send = Xabar yuborish
permission-messagetemplate-create = Tezkor javob yaratish
permission-messagetemplate-read = Tezkor javoblardan foydalanish
permission-messagetemplate-update = Tezkor javoblarni oʻzgartirish
permission-messagetemplate-delete = Tezkor javoblarni oʻchirish
permission-channel-manage = Kanallarni ulash va sozlash
permission-user-manage = Jamoa, rollar va API kalitlarini boshqarish
permission-audit-read = Audit jurnalini koʻrish
permission-workspace-manage = Ish maydoni sozlamalarini oʻzgartirish
access-title = Yangi parol
access-welcome = { $workspace } sizni kutmoqda
access-hint = Kamida sakkizta belgi. Keyin shu parol bilan kiring.
access-submit = Parolni saqlash
problem-own-account = Oʻz hisobingizni toʻxtata olmaysiz.

# The settings of the workspace.
workspace-title = Ish maydoni
outbound-countries-title = Boshqa davlatlarning raqamlari
outbound-countries-lead = Boshqa davlatlarga SMS va WhatsApp xabarlari qimmatroq, firibgarlar ham shundan foydalanadi. Oʻzi yozgan mijozga har doim javob berish mumkin.
outbound-countries-own = Oʻz davlati va yozgan mijozlar davlatlari
outbound-countries-listed = Faqat shu davlatlar
outbound-countries-any = Barcha davlatlar
outbound-countries-known = Oʻz davlati va yozgan mijozlar davlatlari: { $countries }.
field-country = Davlat
field-outbound_countries = Qaysi raqamlarga yuborilsin
field-listed_countries = Davlat kodlari, masalan, UZ KZ
field-time_zone = Vaqt mintaqasi

# The second factor.
two-factor-title = Ikki bosqichli kirish
two-factor-lead = Paroldan keyin telefoningizdagi ilovadan kod soʻraladi.
two-factor-required = Ish maydoningizda ikkinchi bosqich majburiy. Davom etish uchun uni sozlang.
two-factor-off = Kod beradigan istalgan ilova mos keladi: Google Authenticator, Microsoft Authenticator, Aegis va boshqalar.
two-factor-begin = Sozlash
two-factor-scan = Bu kodni ilova bilan skanerlang, soʻng ilova koʻrsatgan olti raqamni kiriting.
two-factor-qr = Ilova uchun QR kod
two-factor-by-hand = Yoki bu kalitni qoʻlda kiriting:
two-factor-confirm = Yoqish
two-factor-codes-title = Zaxira kodlari
two-factor-codes-lead = Bu kodlarni ishonchli joyda saqlang. Telefoningiz yoʻqolsa, ularning har biri bilan bir marta kirasiz. Ular boshqa koʻrsatilmaydi.
two-factor-kept = Kodlarni saqladim
two-factor-on = Ikki bosqichli kirish yoqilgan.
two-factor-disable = Oʻchirish
two-factor-rule = Ikkinchi bosqich kimlar uchun majburiy
two-factor-everyone = Hamma
team-reset-two-factor = Ikkinchi bosqichni olib tashlash
login-code-title = Kodni kiriting
login-code-lead = Kod beradigan ilovani oching yoki zaxira kodidan foydalaning.
login-from-start = Boshqa hisob bilan kirish
login-again = Juda koʻp vaqt oʻtdi. Qaytadan kiring.
problem-wrong-code = Kod notoʻgʻri yoki ishlatib boʻlingan. Keyingisini kuting.
error-second-factor = Ikkinchi bosqich majburiy. Avval uni hisobingizda sozlang.
two-factor-codes-left = { $count ->
    [one] { $count } ta zaxira kodi qoldi.
   *[other] { $count } ta zaxira kodi qoldi.
}
