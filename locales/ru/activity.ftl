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

## Audit log

audit-title = Журнал аудита
audit-lead = Все изменения и входы: кто, когда и откуда. Записи нельзя изменить.
audit-search = Имя, значение или адрес
audit-kind = Событие
audit-any-kind = Все события
audit-actor = Автор
audit-actor-type = Тип автора
audit-any-actor = Все авторы
audit-object = Объект
audit-object-type = Тип объекта
audit-object-id = Номер объекта
audit-any-object = Все объекты
audit-from = С
audit-to = По
audit-all = Показать все
audit-id = Номер
audit-at = Время
audit-changes = Изменения
audit-address = Адрес
audit-same-object = Всё об этом объекте
audit-none-found = Ничего не найдено
audit-none-found-hint = Попробуйте другие слова или другой период.
audit-empty = Пока ничего не произошло
audit-empty-hint = Здесь появятся изменения и входы.
audit-count = { $count ->
    [one] { $count } запись
    [few] { $count } записи
   *[many] { $count } записей
}
audit-field-peer = Адрес
audit-field-device = Устройство
audit-field-merged = Объединённый клиент
audit-field-format = Формат
audit-field-rows = Строки
audit-field-expires_at = Действует до
audit-field-permission = Право
audit-field-account = Учётная запись
audit-field-enabled = Включён
audit-field-whatsapp_template = Шаблон WhatsApp
audit-field-email = E-mail
audit-field-phone = Телефон
audit-field-telegram = Telegram
audit-field-whatsapp = WhatsApp
audit-field-other = Другой контакт
actor-user = Сотрудник
actor-api_key = API-ключ
actor-system = автоматически
actor-operator = Оператор
object-api_key = API-ключ
object-role = Роль
object-channel = Канал
object-template = Быстрый ответ
object-invitation = Приглашение
object-chat = Чат
object-client = Клиент
object-user = Сотрудник
object-workspace = Рабочее пространство
happened-ClientsExported = Клиенты экспортированы
happened-ClientDeleted = Клиент удалён
happened-MessageReceived = Сообщение получено
happened-MessageSent = Сообщение отправлено
happened-MessageScheduled = Сообщение запланировано
happened-ScheduleChanged = Запланированное сообщение изменено
happened-ScheduleCancelled = Запланированное сообщение отменено
happened-MessageStatusChanged = Статус сообщения изменён
happened-MessageEdited = Сообщение отредактировано
happened-ReachChanged = Доступность клиента изменилась
happened-MessageFilesChanged = Файлы сообщения загружены
happened-MessageReactionsChanged = Реакции на сообщение изменились
happened-MessageRead = Сообщения прочитаны
happened-MessageUnread = Чат отмечен как непрочитанный
happened-TemplateCreated = Быстрый ответ создан
happened-TemplateUpdated = Быстрый ответ изменён
happened-TemplateDeleted = Быстрый ответ удалён
happened-ChannelAdded = Канал подключён
happened-ChannelChanged = Канал изменён
happened-ChannelCredentialsChanged = Ключи канала заменены
happened-ChannelDisabled = Канал выключен
happened-ChannelEnabled = Канал включён
happened-ChannelRemoved = Канал удалён
happened-SignedOut = Выход
happened-AccountUpdated = Свои данные изменены
happened-UserCreated = Сотрудник создан
happened-AccessRefused = Отказано в доступе
happened-WorkspaceSuspended = Рабочее пространство приостановлено
happened-WorkspaceResumed = Рабочее пространство возобновлено
happened-AuditExported = Журнал аудита экспортирован
happened-SignedIn = Вход
happened-PasswordChanged = Пароль изменён
happened-PasswordReset = Пароль сброшен
happened-UserDisabled = Сотрудник отключён
happened-UserEnabled = Сотрудник включён
happened-UserRoleChanged = Роль сотрудника изменена
happened-UserInvited = Сотрудник приглашён
happened-InvitationWithdrawn = Приглашение отозвано
happened-InvitationAccepted = Приглашение принято
happened-PasswordLinkCreated = Создана ссылка для нового пароля
happened-RoleCreated = Роль создана
happened-RoleUpdated = Роль изменена
happened-RoleDeleted = Роль удалена
happened-SessionEnded = Сеанс завершён
happened-TokenCreated = API-ключ создан
happened-TokenRevoked = API-ключ отозван
happened-SignInFailed = Неудачный вход
happened-SignInBlocked = Вход заблокирован
happened-TwoFactorEnabled = Двухфакторный вход включён
happened-TwoFactorDisabled = Двухфакторный вход выключен
happened-TwoFactorReset = Второй фактор сброшен
happened-RecoveryCodeUsed = Использован резервный код
happened-WorkspaceChanged = Настройки рабочего пространства изменены
