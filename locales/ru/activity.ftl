### Russian: the texts of the feature module `activity`.

## Staff notifications

notifications-title = Уведомления
notifications-telegram = Telegram
notifications-linked = Уведомления получает: { $name }.
notifications-unlink = Отвязать
notifications-lost = Бот был заблокирован ({ $time }), поэтому уведомления больше не приходят. Чтобы получать их, привяжите Telegram снова.
notifications-no-bot = В рабочем пространстве нет бота Telegram для уведомлений. Администратор подключает его в разделе «Каналы».
notifications-how = Бот рабочего пространства может присылать вам уведомления о сообщениях в Telegram, где бы вы ни были.
notifications-link = Привязать Telegram через @{ $bot }
notifications-open = Открыть @{ $bot }
notifications-then = Там в течение часа нажмите «Старт».
notifications-of = О чём присылать уведомления
told-of-all = Обо всех сообщениях клиентов
told-of-mine = О сообщениях клиентов, которым писали вы
told-of-none = Не присылать о сообщениях клиентов
notifications-failed = О моих недоставленных сообщениях
notifications-with-text = Показывать текст сообщения
notifications-quiet = Тихие часы
notifications-quiet-hint = В эти часы уведомления не приходят. Часовой пояс — рабочего пространства ({ $zone }). О том, что никто не прочитал, уведомление придёт потом. Пусто — без тихих часов.
field-inbound = { notifications-of }
field-failed = { notifications-failed }
field-with_text = { notifications-with-text }
field-quiet_from = С
field-quiet_to = До
notifications-device = На этом устройстве
notifications-device-hint = Пока Aloqa открыта в фоновой вкладке.
notifications-device-script = Для этого нужен JavaScript.
notifications-denied = Браузер не разрешает уведомления этого сайта. Это можно изменить в его настройках.
notifications-browser = Уведомления
notifications-sound = Звук
notice-inbound = { $count ->
    [1] Новое сообщение от { $client } ({ $company })
    [one] { $count } новое сообщение от { $client } ({ $company })
    [few] { $count } новых сообщения от { $client } ({ $company })
   *[many] { $count } новых сообщений от { $client } ({ $company })
}
notice-failed = { $count ->
    [1] Ваше сообщение не доставлено: { $client } ({ $company })
    [one] Не доставлено { $count } ваше сообщение: { $client } ({ $company })
    [few] Не доставлены { $count } ваших сообщения: { $client } ({ $company })
   *[many] Не доставлены { $count } ваших сообщений: { $client } ({ $company })
}
notice-linked = Готово: уведомления от { $company } теперь приходят сюда.
