### Uzbek: the texts of the feature module `clients`.

## Clients

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
sort-best = Avval eng mos keladiganlari
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

## Duplicates and merges

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

## Import and export: columns

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

## A client's page

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

## The list of clients: created dates, rows, bulk delete

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

## Import

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
