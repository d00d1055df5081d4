### Uzbek: the texts of the feature module `activity`.

## Staff notifications

notifications-title = Bildirishnomalar
notifications-telegram = Telegram
notifications-linked = Bildirishnomalar shu yerga keladi: { $name }.
notifications-unlink = Uzish
notifications-lost = Bot bloklangan ({ $time }), shuning uchun bildirishnomalar kelmaydi. Ularni olish uchun Telegramni qayta ulang.
notifications-no-bot = Kompaniyada xabar bera oladigan Telegram bot yoʻq. Uni administrator «Kanallar» boʻlimida ulaydi.
notifications-how = Kompaniyaning boti qayerda boʻlsangiz ham Telegramda xabarlar haqida sizga aytib turishi mumkin.
notifications-link = Telegramni @{ $bot } orqali ulash
notifications-open = @{ $bot } ni ochish
notifications-then = U yerda bir soat ichida «Start»ni bosing.
notifications-of = Nimalar haqida xabar berilsin
told-of-all = Mijozlarning barcha xabarlari haqida
told-of-mine = Men yozgan mijozlarning xabarlari haqida
told-of-none = Mijozlarning xabarlari haqida aytilmasin
notifications-failed = Yetib bormagan oʻz xabarlarim haqida
notifications-with-text = Xabar matni koʻrsatilsin
notifications-quiet = Tinch soatlar
notifications-quiet-hint = Birinchi soatdan ikkinchisigacha bildirishnoma kelmaydi, kompaniyaning vaqt mintaqasida ({ $zone }); shu orada kelgani, hech kim oʻqimagan boʻlsa, keyin aytiladi. Boʻsh boʻlsa — tinch soatlar yoʻq.
field-inbound = { notifications-of }
field-failed = { notifications-failed }
field-with_text = { notifications-with-text }
field-quiet_from = Dan
field-quiet_to = Gacha
notifications-device = Shu qurilmada
notifications-device-hint = Aloqa siz qaramayotgan ichki oynada ochiq turganda.
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
notice-linked = Tayyor: endi { $company } sizga xabarlar haqida shu yerda aytadi.
