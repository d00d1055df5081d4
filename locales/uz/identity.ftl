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
