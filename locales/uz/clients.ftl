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
client-since = Mijoz boʻlgan sana: { $date }
client-open-profile = Profilni ochish
client-open-chat = Suhbatni ochish
client-details = Mijoz
client-notes = Eslatmalar
client-personal = Shaxsiy
client-documents = Hujjatlar
client-contacts = Kontaktlar
client-no-contacts = Telefon va e-pochtadan boshqa kontakt yoʻq.
contact-add = Kontakt qoʻshish
contact-remove = Olib tashlash: { $value }
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

duplicates = Dublikatlar
duplicates-title = Ehtimoliy dublikatlar
duplicates-lead = Bir odam boʻlishi mumkin boʻlgan mijozlar. Siz birlashtirmaguningizcha hech narsa oʻzgarmaydi.
duplicates-empty = Oʻxshash mijozlar yoʻq
duplicates-empty-hint = Telefoni, e-pochtasi, pasporti yoki ismi bir xil mijozlar shu yerda koʻrinadi.
duplicates-total = { $count } ta juftlik
likeness-name = ismi bir xil
likeness-birthday = tugʻilgan kuni bir xil, ismi oʻxshash
likeness-email = e-pochtasi bir xil
likeness-telegram = Telegrami bir xil
likeness-passport = pasporti bir xil
likeness-phone = telefoni bir xil
merge-entry = Dublikat bilan birlashtirish
merge-title = Dublikatlarni birlashtirish
merge-lead = { $name } mijozining dublikatini tanlang
merge-likely = Ehtimoliy mosliklar
merge-search = Boshqa mijozni topish
merge-compare = Solishtirish
merge-compare-with = { $name } bilan solishtirish
merge-compare-lead = Farq qiladigan joyda nima qolishini tanlang.
merge-dismiss = Bu boshqa odam
merge-stays = Qoladi
merge-goes = Birlashtiriladi
merge-swap = Almashtirish
merge-messages = { $count } ta xabar
merge-moves = { $contacts } ta kontakt va { $messages } ta xabar { $name } mijoziga oʻtadi.
merge-moves-more = Tanlanmagan telefon yoki e-pochta kontaktlar orasida qoladi, shuning uchun undan kelgan xabarlar mijozni baribir topadi. Buni 30 kun ichida bekor qilish mumkin.
merge-submit = Birlashtirish
merge-stale = Shu orada kimdir mijozlardan birini oʻzgartirdi. Hozir ular shunday: yana bir qarab, birlashtiring.
merges-title = Birlashtirilgan dublikatlar
merges-lead = Birlashtirishni 30 kun ichida bekor qilish mumkin.
merges-empty = Soʻnggi paytda hech kim birlashtirilmagan
merge-merged = { $name } birlashtirildi
merge-until = { $date } kunigacha bekor qilish mumkin
merge-undo = Bekor qilish
merge-under = Avval keyingi birlashtirishni bekor qiling
merge-undone = Birlashtirish bekor qilindi
merge-undone-lead = Ikkala mijoz yana joyida. Birlashtirishdan keyin kelgan xabarlar oʻz joyida qoladi.
merge-left = Qaytmagan narsalar
merge-left-changed = { $field }: birlashtirishdan keyin oʻzgartirilgan, shuning uchun shundayligicha qoldi.
merge-left-taken = { $field }: hozir bu qiymat boshqa mijozda.
merge-left-contact = { $value } kontakti: birlashtirishdan keyin oʻchirilgan yoki hozir boshqa mijozda.
problem-itself = Bu oʻsha mijozning oʻzi. Boshqasini tanlang.
error-merged = Bu mijoz boshqasi bilan birlashtirilgan
error-merged-detail = Davomi shu yerda: { $url }
error-merged-show = Birlashtirilgan mijozni ochish
error-stale = Maʼlumotlar oʻzgardi
error-stale-detail = Siz ochganingizdan keyin kimdir buni oʻzgartirdi. Tekshirib, takrorlang.
error-conflict-merge = Bu mijozning oʻzi keyinroq birlashtirilgan. Avval keyingi birlashtirishni bekor qiling.

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
happened-ClientCreated = Mijoz yaratildi
happened-ClientUpdated = Maʼlumotlar oʻzgartirildi
happened-ChatCreated = Suhbat boshlandi
happened-ClientMerged = Dublikati bilan birlashtirildi
happened-ClientUnmerged = Birlashtirish bekor qilindi
conflict-note = Siz tahrirlayotganda boshqa birov buni oʻzgartirdi. Hali hech narsa saqlanmadi: solishtiring, oʻzingiznikini yoki unikini qoldiring va saqlang.
conflict-theirs = Shu orada saqlangan:
conflict-take = shuni olish
conflict-save = Baribir saqlash
conflict-discard = Voz kechish
problem-taken-by-client = Bu boshqa mijozda koʻrsatilgan.
error-precondition = Bu endi boshqa versiya
error-precondition-detail = U oʻzgartirilgan. Qaytadan oʻqib, oʻzgarishni yangi ETag bilan yuboring.

## The list of clients: created dates, rows, bulk delete

clients-created-any = Barcha davr
clients-created-week = Soʻnggi 7 kun
clients-created-month = Soʻnggi 30 kun
clients-created-since = { $date } kunidan
clients-created-until = { $date } kunigacha
clients-created-from = Boshlanishi
clients-created-to = Tugashi
field-created_from = { clients-created-from }
field-created_to = { clients-created-to }
field-sort = { clients-sort }
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
import-file = Fayl
import-file-hint = Jadval dasturi saqlagan jadval (vergul, nuqtali vergul yoki tabulyatsiya; UTF-8, UTF-16 yoki Windows-1251; ustun nomlari birinchi qatorda) yoki kontaktlar kitobi (vCard).
import-ignored = Import qilinmaydi: { $columns }.
import-limits = Koʻpi bilan { $rows } qator va { $megabytes } MB.
import-upload = Yuklash
import-past = Avvalgi importlar
import-none = Hali hech narsa import qilinmagan
import-none-hint = Jadvalni yuklang. Saqlashdan oldin uning qanday oʻqilganini va xatolarini koʻrasiz.
import-rows = { $count ->
    [one] { $count } ta qator
   *[other] { $count } ta qator
}
import-created = { $count } ta yangi
import-updated = { $count } ta oʻzgartirilgan
import-state-mapping = Ustunlarni moslang
import-state-checking = Qatorlar tekshirilmoqda
import-state-checked = Tekshirildi, import qilish mumkin
import-state-running = Import qilinmoqda
import-state-cancelling = Bekor qilinmoqda
import-state-failing = Ortga qaytarilmoqda
import-state-done = Import qilindi
import-state-cancelled = Bekor qilindi
import-state-failed = Import qilinmadi
import-mapping-lead = Ustunlarni moslang. Tanib olinganlari tanlab qoʻyilgan; tashlab ketilgan ustunlar import qilinmaydi.
import-means = { $title } ustunida nima bor
import-not-read = – oʻtkazib yuborish –
import-doubled = Bu maydon boshqa ustunga moslangan.
import-no-name = Hech bir ustunda ism, telefon yoki JSHSHIR yoʻq, shuning uchun qatorlardan mijoz chiqmaydi.
import-dates = Sana formati
import-dates-day-first = Avval kun: 28.02.1990
import-dates-month-first = Avval oy: 02/28/1990
import-dates-ambiguous = Bu fayldagi sanalarni ikki xil oʻqish mumkin. Qaysi biri toʻgʻriligini tekshiring.
import-dates-hint = 1990-02-28 koʻrinishidagi sanalar har doim tushuniladi.
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
import-good-only = Xatosiz qatorlarni import qilish
import-good-only-hint = Qolganlarini yuklab olib, tuzatib, keyin import qilish mumkin.
import-whole = Hamma qatorlar yoki hech biri
import-whole-hint = Biror qator saqlanmasa yoki bekor qilsangiz, hammasi avvalgi holiga qaytadi.
import-whole-not = Qatorlarda xato bor ekan, buning iloji yoʻq.
import-start = Importni boshlash
import-columns-again = Ustunlarni oʻzgartirish
import-cancel = Importni bekor qilish
import-flaws = Xatosi bor qatorlar va dublikatlar
import-flaws-download = CSV yuklab olish
import-flaws-more = Faylda ularning hammasi bor.
import-flaws-file = xatolari bilan
import-row = Qator
import-row-number = { $row }-qator
import-wrong = Xato
import-failed = Bitta qatorni saqlab boʻlmadi, shuning uchun hech biri saqlanmadi.
import-cancelled-kept = Import yarim yoʻlda bekor qilindi. Shungacha import qilingan mijozlar saqlanib qoldi.
import-undone = Uning barcha oʻzgarishlari bekor qilindi.
import-undone-but = { $count ->
    [one] { $count } ta mijozdan boshqa hammasi ortga qaytarildi: uni shundan beri kimdir oʻzgartirgan yoki unga yozgan.
   *[other] { $count } ta mijozdan boshqa hammasi ortga qaytarildi: ularni shundan beri kimdir oʻzgartirgan yoki ularga yozgan.
}
import-file-gone = Yuklangan fayl oʻchirildi: u bir kun saqlanadi.
import-to-clients = Mijozlarga oʻtish
flaw-not-a-date = Bu tanlangan tartibdagi sana emas yoki bunday sana boʻlishi mumkin emas.
flaw-not-a-gender = Ayol, erkak yoki boshqa deb yozing.
flaw-not-a-country = Davlatni ikki harf bilan yozing, masalan UZ.
flaw-too-many-cells = Qatorda kataklar sarlavhalardan koʻp. Balki qoʻshtirnoq yetishmayotgandir.
flaw-unclosed-quote = Bu qatorda qoʻshtirnoq ochilgan, lekin yopilmagan, shuning uchun faylning qolgan qismi bitta katakka tushgan. Qatorni tuzatib, faylni qaytadan yuklang.
flaw-taken = Bu allaqachon boshqa mijozda bor.
flaw-repeats = Bu { $row }-qatorda bor.
flaw-two-clients = Telefon bir mijozniki, JSHSHIR boshqasiniki.
flaw-client = Mijoz { $id }
field-last_first_name = Toʻliq ism, avval familiya
problem-not-a-table = Bu faylda sarlavhali va qatorli jadval yoʻq.
error-table-too-large = Jadval juda katta
error-table-too-large-detail = Bir martada koʻpi bilan { $rows } qator va { $megabytes } MB import qilinadi. Faylni boʻlib, qismlarini ketma-ket import qiling.
