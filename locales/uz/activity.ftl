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
