### Russian: the texts of the feature module `chats`.

## Chats

chats-title = Чаты
chats-search = Клиенты и сообщения
chats-all = Все
chats-unread = Непрочитанные
chats-new = Новый чат
chats-new-title = Новый чат
chats-new-lead = Напишите на номер телефона. Если номер новый, мы создадим клиента.
chats-new-submit = Открыть чат
chats-empty = Чатов пока нет
chats-empty-hint = Когда клиент напишет, чат появится здесь.
chats-none-found = Чаты не найдены
chats-nothing-unread = Непрочитанных нет
chats-choose = Выберите чат
chats-choose-hint = Выберите чат слева или начните новый.
chats-first = Чатов пока нет
chats-first-hint = Здесь откроется первый чат: начните его сами или дождитесь сообщения клиента.
chats-unread-badge = { $count ->
    [one] { $count } непрочитанное сообщение
    [few] { $count } непрочитанных сообщения
   *[other] { $count } непрочитанных сообщений
}
chat-back = К чатам
chat-also = { $first } · также { $others }
chat-unreachable = Связаться нельзя: нет канала для связи.
chat-unreachable-disabled = Связаться нельзя: канал выключен.
chat-log = Сообщения
chat-empty = Сообщений пока нет
chat-new-messages = Новые сообщения
chat-older = Более ранние сообщения
chat-newest = К новым сообщениям
chat-mark-read = Отметить прочитанным
chat-you = Вы: { $text }
chat-author = { $name }: { $text }
chat-attachment = Файл
message-edited = изменено
message-reactions = Реакция клиента:
message-forwarded = Переслано
message-forwarded-from = Переслано от: { $name }
message-referral = Из рекламы: { $name }
message-written = Написано { $time }
message-kind-invoice = Счёт
message-kind-checklist = Список задач
message-kind-story = История
message-kind-paid-media = Платный контент
message-kind-giveaway = Розыгрыш
message-kind-game = Игра
message-retry = Повторить
message-scheduled = Будет отправлено { $time }
status-received = Получено
status-scheduled = Запланировано
status-queued = В очереди
status-queued-behind = { $count ->
    [one] В очереди, впереди ещё { $count } сообщение, примерно { $minutes } мин
    [few] В очереди, впереди ещё { $count } сообщения, примерно { $minutes } мин
   *[many] В очереди, впереди ещё { $count } сообщений, примерно { $minutes } мин
}
status-unknown = Доставка не подтверждена
status-sent = Отправлено
status-delivered = Доставлено
status-read = Прочитано
status-failed = Не доставлено
composer-label = Сообщение
composer-placeholder = Сообщение для: { $name }
composer-transport = Отправить через
composer-send = Отправить
composer-closed = С этим клиентом нельзя связаться ни по одному подключённому каналу. Добавьте номер телефона или попросите администратора подключить канал.
composer-closed-disabled = Канал, по которому можно написать этому клиенту, выключен. Попросите администратора включить его.
composer-not-allowed = Ваша роль не позволяет писать клиентам.
composer-failed = Не отправлено: сервер не ответил. Текст сохранён, попробуйте ещё раз.
transport-telegram = Telegram
transport-whatsapp = WhatsApp
transport-sms = SMS
transport-email = Эл. почта
transport-instagram = Instagram
transport-phone = Телефон
transport-website = Сайт
transport-other = Другое
live-lost = Нет связи, восстанавливаем…

## The conversation, presence, and a new chat

message-arrived = Отметить доставленным
message-send-again = Отправить ещё раз…
message-send-again-warning = Если сообщение дошло, клиент получит его дважды.
message-send-again-yes = Отправить ещё раз
chat-newer = Более новые сообщения
chat-mark-unread = Отметить непрочитанным
chat-message-gone = Этого сообщения больше нет. Показаны самые новые.
presence-typing = { $name } печатает…
presence-looking = { $name } тоже здесь
new-chat-or = Или выберите клиента
new-chat-search = Имя, телефон или e-mail
new-chat-none = Никого не нашлось. Напишите по номеру телефона.
new-chat-open = Открыть чат: { $name }
new-chat-name = Имя
new-chat-name-hint = Для нового клиента; можно не заполнять.
new-chat-find = Найти

## Message templates

templates-title = Быстрые ответы
templates-search = Найти по названию и тексту
templates-new = Новый быстрый ответ
templates-edit = Изменить быстрый ответ
templates-empty = Быстрых ответов пока нет
templates-empty-hint = Запишите ответы, которые даёте каждый день.
templates-none-found = Ничего не найдено
templates-total = { $count ->
    [one] { $count } быстрый ответ
    [few] { $count } быстрых ответа
   *[other] { $count } быстрых ответов
}
templates-placeholders = Вставить поле
templates-delete-title = Удалить быстрый ответ?
templates-delete-warning = Уже отправленные сообщения останутся как есть.

## Composer: drafts, templates, segments, scheduled messages

chat-draft = Черновик: { $text }
composer-sending = Отправляется…
composer-templates = Вставить быстрый ответ
composer-later = Отправить позже
composer-no-address = у клиента нет такого адреса
composer-no-channel = канал не подключён
composer-no-provider = провайдер не подключён
composer-blocked = клиент заблокировал бота
composer-gone = аккаунта клиента больше нет
field-message = Текст
field-scheduled_at = Время отправки
templates-for = Заполнено для: { $name }
sms-segments = { $count ->
    [one] { $count } сегмент
    [few] { $count } сегмента
   *[other] { $count } сегментов
}, осталось { $left }
sms-culprit = из-за «{ $character }» SMS уйдёт в Unicode, по 70 знаков
sms-segments-live = Сегментов: #count, осталось: #left
sms-culprit-live = из-за «#character» SMS уйдёт в Unicode, по 70 знаков
preset-hour = Через час
preset-tomorrow = Завтра утром
preset-monday = В понедельник утром
schedule-at = Дата и время
schedule-submit = Запланировать
schedule-edit = Изменить запланированное сообщение
schedule-send-now = Отправить сейчас
schedule-cancel = Отменить отправку
scheduled-title = Запланированные сообщения
scheduled-here = Запланировано
scheduled-all = Все запланированные
scheduled-zone = Время указано в зоне { $zone }.
scheduled-empty = Ничего не запланировано
scheduled-empty-hint = Нажмите на часы рядом с сообщением, чтобы отправить его позже.
scheduled-total = { $count ->
    [one] { $count } запланированное сообщение
    [few] { $count } запланированных сообщения
   *[other] { $count } запланированных сообщений
}
problem-key-reused = Из этой формы уже отправлено другое сообщение. Посмотрите в чат и отправьте ещё раз, если нужно и это.
problem-time-passed = Это время уже прошло. Выберите будущее.
problem-time-too-far = Не больше чем на год вперёд.
problem-time-skipped = В это время часы переводят вперёд: такого часа нет. Выберите другой.
error-late = Слишком поздно
error-late-detail = Сообщение уже отправляется или отправлено.

## Files in the composer; the script fills in names and sizes

composer-files = Файлы к отправке
composer-file-added = Прикреплено: #name
composer-file-removed = Убрано: #name
composer-file-remove = Убрать #name
composer-no-folders = Папки отправить нельзя. Выберите файлы внутри них.
composer-drop = Перетащите файлы сюда, чтобы прикрепить их
composer-uploading = Отправка файлов
composer-upload-cancelled = Отменено. Ничего не отправлено, текст и файлы остались на месте.

## Previews of messages that have only files

preview-photos = { $count ->
    [1] Фото
   *[other] { $count } фото
}
preview-voice = { $count ->
    [1] Голосовое сообщение
    [one] { $count } голосовое сообщение
    [few] { $count } голосовых сообщения
   *[many] { $count } голосовых сообщений
}
preview-audio = { $count ->
    [1] Аудио
   *[other] { $count } аудио
}
preview-videos = { $count ->
    [1] Видео
   *[other] { $count } видео
}
templates-as-sms = Как SMS, с именами из примера:

## Message templates: order of the list, editor, sample client

templates-sort = Порядок
sort-uses = Сначала частые
templates-unused = Ещё не использован
templates-uses = { $count ->
    [one] Использован { $count } раз
    [few] Использован { $count } раза
   *[many] Использован { $count } раз
}
templates-none-found-hint = Попробуйте другое слово из названия или текста.
templates-duplicate = Создать копию
templates-duplicate-name = Создать копию «{ $name }»
templates-copy-of = { $name } (копия)
templates-preview = Предпросмотр
templates-preview-empty = Здесь появится предпросмотр сообщения.
templates-nameless = Клиент без имени
templates-placeholders-hint = Подставляются при отправке. Неизвестное значение пропускается вместе с запятой.
placeholder-client-first_name = Имя клиента
placeholder-client-last_name = Фамилия клиента
placeholder-client-full_name = Полное имя клиента
placeholder-user-first_name = Ваше имя
placeholder-user-full_name = Ваше полное имя
placeholder-tenant-name = Компания
sample-first-name = Азиза
sample-last-name = Каримова
