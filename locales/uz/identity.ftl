### Uzbek: the texts of the feature module `identity`.

## Sign in

login-title = Kirish
login-lead = Mijozlaringiz kutmoqda.
login-email = E-pochta
login-password = Parol
login-submit = Kirish
login-denied = E-pochta yoki parol notoʻgʻri.
login-choose-title = Ish maydonini tanlang
login-choose-lead = Bu e-pochta va parol bir nechtasini ochadi. Parolni yana kiriting va tanlang.

## Account

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
problem-common-password = Bu parol birinchilar qatorida taxmin qilinadi.
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
