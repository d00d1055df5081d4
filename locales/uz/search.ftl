### Uzbek: the texts of the feature module `search`.

## Spotlight

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
