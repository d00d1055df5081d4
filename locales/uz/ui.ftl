### Uzbek: the texts that all pages share.

## Navigation and words of every page

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

## Dates

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
date-full = { $year }-yil { date-day }
weekday = { $day ->
    [1] Du
    [2] Se
    [3] Cho
    [4] Pay
    [5] Ju
    [6] Sha
   *[7] Yak
}

## Problems of fields

problem-required = Toʻldirilishi shart.
problem-too-long = Koʻpi bilan { $max } ta belgi.
problem-too-short = Kamida { $min } ta belgi.
problem-out-of-range = { $min } – { $max } oraligʻida boʻlsin.
problem-not-a-phone = Bu telefon raqami emas. Masalan: { $example }.
problem-not-an-email = Bu e-pochta manzili emas.
problem-not-a-date = Bunday sana yoʻq. Masalan: 1990-02-28.
problem-not-a-time = Bu sana va vaqt emas. Masalan: 2026-03-02 09:00.
problem-not-one-of = Mumkin boʻlgan qiymatlar: { $values }.
problem-wrong-type = Qiymat turi toʻgʻri kelmaydi.
problem-bad-characters = Bu yerda ruxsat etilmagan belgilar bor.
problem-taken = Bu allaqachon band.
problem-unknown-placeholder = { $name } degan maydon yoʻq.
problem-unreachable = Bu mijoz bilan bu usulda bogʻlanib boʻlmaydi.
field-code = Kod
problem-storage-full = Ish maydonining joyi tugagan. Aloqa tizimiga xizmat koʻrsatuvchidan joyni koʻpaytirishni soʻrang.
problem-too-many-imports = { $max } ta tugallanmagan import bor. Avval bittasini yakunlang yoki bekor qiling.
problem-no-provider = Buning uchun provayder ulanmagan.
problem-no-files = Bu usulda fayl yuborib boʻlmaydi.
problem-empty-file = “{ $name }” fayli boʻsh.
problem-too-long-for = { $transport }: bitta xabarda koʻpi bilan { $max } ta belgi boʻladi.
problem-not-found = Bu ish maydonida bunday yozuv yoʻq.
problem-last-administrator = Ish maydoni administratorsiz qoladi.

## Errors

error-reference = Murojaat raqami: { $id }
error-way-on = Suhbatlarga oʻtish
error-sign-in = Kirish
error-malformed = Notoʻgʻri soʻrov
error-malformed-detail = Soʻrovni oʻqib boʻlmadi.
error-unauthenticated = Avval kiring
error-unauthenticated-detail = Siz tizimga kirmagansiz yoki seans tugagan.
error-forbidden = Ruxsat yoʻq
error-forbidden-detail = Rolingiz bunga ruxsat bermaydi. Administratorga murojaat qiling.
error-suspended = Ish maydoni toʻxtatilgan
error-suspended-detail = Bu ish maydoni toʻxtatilgan. Aloqa oʻrnatilgan serveringiz administratoriga murojaat qiling.
error-forged-form = Bu forma eskirgan
error-forged-form-detail = Sahifani yangilang va qayta urining.
error-signature = Imzo notoʻgʻri
error-signature-detail = Hech narsa saqlanmadi.
error-not-found = Sahifa topilmadi
error-not-found-detail = Sahifa oʻchirilgan yoki manzil notoʻgʻri boʻlishi mumkin.
error-method-not-allowed = Bu amalni bajarib boʻlmaydi
error-method-not-allowed-detail = Manzil bor, lekin bunday soʻrovni qabul qilmaydi.
error-conflict = Bu allaqachon band
error-conflict-detail = Boshqa yozuvda shu qiymat bor.
error-conflict-client = Bu boshqa mijozda koʻrsatilgan: { $url }
error-conflict-status = Faqat yetkazilmagan xabarni qayta yuborish mumkin.
error-conflict-show = Oʻsha mijozni koʻrsatish
error-too-large = Hajmi juda katta
error-too-large-detail = Bir martada kamroq yuboring.
error-unsupported-media-type = Bu format qoʻllanmaydi
error-unsupported-media-type-detail = Forma yoki JSON yuboring.
error-invalid = Belgilangan maydonlarni tekshiring
error-invalid-detail = { $count ->
    [one] { $count } ta maydonda xato bor.
   *[other] { $count } ta maydonda xato bor.
}
error-too-many = Urinishlar juda koʻp
error-too-many-detail = { $minutes ->
    [one] { $minutes } daqiqa
   *[other] { $minutes } daqiqa
} kuting va qayta urining.
error-misdirected = Manzil notoʻgʻri
error-misdirected-detail = Ish maydoni bu manzilda ochilmaydi. Administrator bergan manzildan foydalaning.
error-unstorable = Buni saqlab boʻlmaydi
error-unstorable-detail = Qiymat juda uzun yoki saqlab boʻlmaydigan belgilari bor. Uni qisqartiring yoki qaytadan yozing.
error-busy = Server band
error-busy-detail = Hozir juda koʻp odam tizimga kirmoqda. Bir necha soniyadan keyin urinib koʻring.
error-unavailable = Tez orada qaytamiz
error-unavailable-detail = Maʼlumotlar bazasi javob bermayapti. Birozdan keyin urinib koʻring; hech narsa yoʻqolmadi.
error-internal = Xatolik yuz berdi
error-internal-detail = Bu bizning xatomiz, u qayd etildi. Qayta urining yoki murojaat raqamini ayting.

## Layout preferences

nav-names = Nomlarni koʻrsatish
nav-icons = Faqat belgilar

## A number alone, formatted for the language

number = { $count }
