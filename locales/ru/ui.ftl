# Русский. Ключи и аргументы те же, что в en.ftl; их сравнивает тест.

app-name = Aloqa
nav-main = Главное меню
nav-chats = Чаты
nav-chats-unread = { $count ->
    [0] Чаты
    [one] Чаты, { $count } непрочитанный
    [few] Чаты, { $count } непрочитанных
   *[other] Чаты, { $count } непрочитанных
}
nav-clients = Клиенты
nav-instant-messages = Быстрые ответы
sign-out = Выйти
skip-to-content = К содержанию
search = Найти
save = Сохранить
cancel = Отмена
delete = Удалить
edit = Изменить
back = Назад
previous = Назад
next = Дальше
pages = Страницы
required = обязательно
none = –

today = Сегодня
yesterday = Вчера
date-day = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
}
date-full = { date-day } { $year }
weekday = { $day ->
    [1] Пн
    [2] Вт
    [3] Ср
    [4] Чт
    [5] Пт
    [6] Сб
   *[7] Вс
}

login-title = Вход
login-lead = Клиенты уже ждут.
login-email = Эл. почта
login-password = Пароль
login-submit = Войти
login-denied = Неверная почта или пароль.
login-choose-title = Выберите рабочее пространство
login-choose-lead = Эти почта и пароль открывают несколько. Введите пароль ещё раз и выберите.

clients-title = Клиенты
clients-name = Имя
clients-search = Имя, телефон или почта
clients-new = Новый клиент
clients-edit = Изменить клиента
clients-total = { $count ->
    [one] { $count } клиент
    [few] { $count } клиента
   *[other] { $count } клиентов
}
clients-empty = Клиентов пока нет
clients-empty-hint = Они появятся, когда напишут вам или когда вы их добавите.
clients-none-found = Никто не найден
clients-none-found-hint = Попробуйте часть имени, телефон в любой записи или почту.
clients-sort = Порядок
sort-newest = Сначала новые
sort-oldest = Сначала старые
sort-name = Имя А–Я
sort-name-desc = Имя Я–А
client-since = Клиент с { $date }
client-open-profile = Открыть профиль
client-open-chat = Открыть чат
client-details = Клиент
client-notes = Заметки
client-personal = Личное
client-documents = Документы
client-contacts = Контакты
client-no-contacts = Кроме телефона и почты контактов нет.
contact-add = Добавить контакт
contact-remove = Убрать { $value }
field-name = Название
field-first_name = Имя
field-last_name = Фамилия
field-middle_name = Отчество
field-phone = Телефон
field-email = Эл. почта
field-address = Адрес
field-date_of_birth = Дата рождения
field-gender = Пол
field-passport_series = Серия паспорта
field-passport_number = Номер паспорта
field-pin = ПИНФЛ
field-country_code = Страна ПИН
field-contacts = Контакты
field-comments = Комментарий
field-type = Вид
field-value = Значение
field-template = Текст
field-created = Добавлен
gender-none = не указан
gender-female = Женский
gender-male = Мужской
gender-other = Другой
contact-phone = Телефон
contact-email = Эл. почта
contact-telegram = Telegram
contact-whatsapp = WhatsApp
contact-other = Другое

chats-title = Чаты
chats-search = Люди и сообщения
chats-all = Все
chats-unread = Непрочитанные
chats-new = Новый
chats-new-title = Новый чат
chats-new-lead = Напишите на номер телефона. Если его ещё ни у кого нет, появится новый клиент.
chats-new-submit = Открыть чат
chats-empty = Чатов пока нет
chats-empty-hint = Когда клиент напишет, чат появится здесь сам.
chats-none-found = Чат не найден
chats-nothing-unread = Всё прочитано
chats-choose = Выберите чат
chats-choose-hint = Выберите человека слева или начните новый чат.
chats-unread-badge = { $count ->
    [one] { $count } непрочитанное сообщение
    [few] { $count } непрочитанных сообщения
   *[other] { $count } непрочитанных сообщений
}
chat-back = К чатам
chat-also = { $first } · также { $others }
chat-unreachable = Связаться нельзя: ни один канал не ведёт к этому клиенту.
chat-log = Сообщения
chat-empty = Пока ничего не сказано
chat-new-messages = Новые сообщения
chat-older = Более ранние сообщения
chat-newest = К новым сообщениям
chat-mark-read = Отметить прочитанным
chat-you = Вы: { $text }
chat-attachment = Файл
message-edited = изменено
message-retry = Повторить
message-scheduled = Уйдёт { $time }
status-received = Получено
status-scheduled = Запланировано
status-queued = Ожидает отправки
status-unknown = Судьба неизвестна
status-sent = Отправлено
status-delivered = Доставлено
status-read = Прочитано
status-failed = Не доставлено
composer-label = Сообщение
composer-placeholder = Написать: { $name }
composer-transport = Отправить через
composer-send = Отправить
composer-closed = С этим клиентом нельзя связаться ни по одному подключённому каналу. Добавьте номер телефона или попросите администратора подключить канал.
composer-not-allowed = Ваша роль не позволяет писать клиентам.
composer-failed = Не отправлено: сервер не ответил. Текст сохранён; попробуйте ещё раз.
transport-telegram = Telegram
transport-whatsapp = WhatsApp
transport-sms = SMS
transport-email = Эл. почта
transport-instagram = Instagram
transport-phone = Телефон
transport-website = Сайт
transport-other = Другое
live-lost = Живые обновления прервались. Пробуем снова…

# The conversation, who is at it, and a new chat
message-arrived = Дошло
message-send-again = Отправить ещё раз…
message-send-again-warning = Если сообщение дошло, клиент получит его дважды.
message-send-again-yes = Отправить ещё раз
chat-newer = Более новые сообщения
chat-mark-unread = Отметить непрочитанным
chat-message-gone = Этого сообщения здесь нет. Показаны самые новые.
presence-typing = { $name } печатает…
presence-looking = { $name } тоже здесь
new-chat-or = Или выберите клиента
new-chat-search = Имя, телефон или e-mail
new-chat-none = Никого не нашлось. Напишите по номеру телефона.
new-chat-open = Открыть чат: { $name }
new-chat-name = Имя
new-chat-name-hint = Для нового клиента; можно не заполнять.
new-chat-find = Найти

failure-unknown = Провайдер не ответил вовремя: сообщение могло дойти, а могло и нет. Повторяйте, только если клиент его не получил.
failure-gave-up = Провайдер был недоступен целые сутки.
failure-20003 = Провайдер не принял ключи канала. Попросите администратора обновить их.
failure-20404 = Провайдер не знает такой учётной записи или отправителя. Попросите администратора проверить канал.
failure-20429 = Слишком много запросов к провайдеру. Повторите чуть позже.
failure-21211 = На этот номер нельзя отправлять сообщения.
failure-21408 = Каналу не разрешено писать в эту страну.
failure-21610 = Клиент отписался словом STOP. Открыть канал снова может только START от клиента.
failure-21614 = Этот номер не принимает текстовые сообщения.
failure-30001 = Очередь провайдера переполнена. Повторите позже.
failure-30002 = Учётная запись у провайдера приостановлена.
failure-30003 = Телефон выключен или вне сети.
failure-30004 = Номер или оператор клиента блокирует сообщения.
failure-30005 = Такого номера больше нет.
failure-30006 = Это стационарный телефон или номер, который не принимает сообщения.
failure-30007 = Оператор принял сообщение за спам.
failure-30008 = Оператор не сообщил причину.
failure-63016 = WhatsApp разрешает свободный текст только в течение 24 часов после сообщения клиента. Используйте одобренный шаблон.
failure-telegram-blocked = Клиент заблокировал бота. Снова открыть его может только сам клиент.
failure-telegram-deactivated = Этого аккаунта Telegram больше нет.
failure-telegram-not-started = Клиент ещё не писал этому боту, а первым бот писать не может. Отправьте ссылку-приглашение.
failure-telegram-too-large = Telegram не принимает файлы такого размера.
failure-telegram-unauthorized = Telegram больше не принимает токен бота. Попросите администратора обновить его.
failure-21606 = С номера канала нельзя отправить этому клиенту. Попросите администратора проверить канал.
failure-21608 = Пробный аккаунт Twilio отправляет только на номера, подтверждённые там.
failure-21611 = В очереди на номер канала слишком много сообщений. Повторите позже.
failure-21612 = С номера канала нельзя отправить на номер этого клиента.
failure-21617 = Сообщение слишком длинное: SMS вмещает не больше 1600 знаков.
failure-30034 = Номер канала не зарегистрирован для сообщений в США (A2P 10DLC). Обратитесь к администратору.
failure-63003 = Этого номера нет в WhatsApp.
failure-63007 = Отправитель WhatsApp этого канала не подключён в Twilio. Попросите администратора проверить канал.
failure-63018 = WhatsApp сейчас больше не принимает сообщений от этого отправителя. Повторите позже.
failure-63024 = WhatsApp не доставляет этому получателю.
failure-other = Провайдер отказал: { $detail } (код { $code })
failure-code = код { $code }

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
templates-placeholders = Вставить
templates-delete-title = Удалить быстрый ответ?
templates-delete-warning = Уже отправленные сообщения останутся как есть.

problem-required = Это нужно заполнить.
problem-too-long = Не больше { $max } знаков.
problem-too-short = Не меньше { $min } знаков.
problem-out-of-range = От { $min } до { $max }.
problem-not-a-phone = Это не номер телефона. Пишите так: +998 90 123 45 67.
problem-not-an-email = Это не адрес электронной почты.
problem-not-a-date = Такой даты быть не может. Пишите так: 1990-02-28.
problem-not-a-time = Это не дата со временем. Напишите так: 2026-03-02 09:00.
problem-not-one-of = Возможные значения: { $values }.
problem-wrong-type = Неподходящий тип значения.
problem-bad-characters = Здесь есть недопустимые знаки.
problem-taken = Это уже у кого-то есть.
problem-unknown-placeholder = Нет подстановки { $name }.
problem-unreachable = Так с этим клиентом связаться нельзя.
problem-no-provider = Для этого не подключён провайдер.
problem-no-files = Этим способом файлы отправить нельзя.
problem-not-found = Такой записи в этом рабочем пространстве нет.

error-reference = Номер обращения: { $id }
error-way-on = К чатам
error-sign-in = Войти
error-malformed = Запрос нельзя прочитать
error-malformed-detail = Что-то в нём не так, как должно быть.
error-unauthenticated = Сначала войдите
error-unauthenticated-detail = Вы не вошли, или сеанс закончился.
error-forbidden = Вам это нельзя
error-forbidden-detail = Ваша роль этого не включает. Обратитесь к администратору.
error-forged-form = Форма устарела
error-forged-form-detail = Обновите страницу и попробуйте ещё раз.
error-signature = Неверная подпись
error-signature-detail = Ничего не сохранено.
error-not-found = Этого здесь нет
error-not-found-detail = Возможно, запись удалена или адрес неверен.
error-method-not-allowed = Здесь так нельзя
error-method-not-allowed-detail = Адрес есть, но не для такого запроса.
error-conflict = Это уже у кого-то есть
error-conflict-detail = У другой записи такое же значение.
error-conflict-client = Это есть у другого клиента: { $url }
error-conflict-status = Повторить можно только неотправленное сообщение.
error-conflict-show = Показать этого клиента
error-too-large = Слишком много
error-too-large-detail = Отправьте меньше за один раз.
error-unsupported-media-type = Такое содержимое не понимается
error-unsupported-media-type-detail = Отправьте форму или JSON.
error-invalid = Проверьте поля
error-invalid-detail = { $count ->
    [one] Ошибка в { $count } поле.
   *[other] Ошибки в { $count } полях.
}
error-too-many = Слишком много попыток
error-too-many-detail = Подождите { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
   *[other] { $minutes } минут
} и попробуйте снова.
error-unavailable = Скоро вернёмся
error-unavailable-detail = База данных не отвечает. Попробуйте чуть позже; ничего не потеряно.
error-internal = Что-то пошло не так
error-internal-detail = Это наша ошибка, она записана. Попробуйте ещё раз или сообщите номер обращения.

# Дубликаты и объединение
duplicates = Дубликаты
duplicates-title = Возможные дубликаты
duplicates-lead = Клиенты, которые могут быть одним человеком. Пока вы их не объедините, ничего не меняется.
duplicates-empty = Похожих клиентов нет
duplicates-empty-hint = Здесь появятся клиенты с одинаковым телефоном, почтой, паспортом или именем.
duplicates-total = { $count ->
    [one] { $count } пара
    [few] { $count } пары
   *[many] { $count } пар
}
likeness-name = то же имя
likeness-birthday = та же дата рождения, похожее имя
likeness-email = та же почта
likeness-telegram = тот же Telegram
likeness-passport = тот же паспорт
likeness-phone = тот же телефон
merge-entry = Объединить с дубликатом
merge-title = Объединение дубликатов
merge-lead = Кто на самом деле тот же человек, что и { $name }?
merge-likely = Возможно, тот же человек
merge-search = Найти другого клиента
merge-compare = Сравнить
merge-compare-with = Сравнить с клиентом { $name }
merge-compare-lead = Выберите, что оставить там, где данные расходятся.
merge-dismiss = Это разные люди
merge-stays = Остаётся
merge-goes = Присоединяется
merge-swap = Поменять
merge-messages = { $count ->
    [one] { $count } сообщение
    [few] { $count } сообщения
   *[many] { $count } сообщений
}
merge-moves = К клиенту { $name } перейдут { $contacts ->
    [one] { $contacts } контакт
    [few] { $contacts } контакта
   *[many] { $contacts } контактов
} и { $messages ->
    [one] { $messages } сообщение
    [few] { $messages } сообщения
   *[many] { $messages } сообщений
}.
merge-moves-more = Телефон или почта, которые вы не выбрали, останутся среди контактов, поэтому сообщения с них по-прежнему найдут клиента. Отменить объединение можно в течение 30 дней.
merge-submit = Объединить
merge-stale = Тем временем кто-то изменил одного из клиентов. Вот как они выглядят сейчас: проверьте и объедините.
merges-title = Объединённые дубликаты
merges-lead = Объединение можно отменить в течение 30 дней.
merges-empty = В последнее время никого не объединяли
merge-merged = Присоединён клиент { $name }
merge-until = можно отменить до { $date }
merge-undo = Отменить
merge-under = Сначала отмените более позднее объединение
merge-undone = Объединение отменено
merge-undone-lead = Оба клиента снова на месте. Сообщения, пришедшие после объединения, остались там, где были.
merge-left = Что не удалось вернуть
merge-left-changed = { $field }: изменено после объединения, поэтому осталось как есть.
merge-left-taken = { $field }: теперь это значение у другого клиента.
merge-left-contact = Контакт { $value }: удалён после объединения или теперь принадлежит другому клиенту.
problem-itself = Это тот же самый клиент. Выберите другого.
error-merged = Запись объединена с другой
error-merged-detail = Продолжение здесь: { $url }
error-merged-show = Перейти туда
error-stale = Данные тем временем изменились
error-stale-detail = Кто-то изменил запись после того, как вы её открыли. Посмотрите ещё раз и повторите.
error-conflict-merge = Этот клиент сам был объединён позже. Сначала отмените более позднее объединение.
# Spotlight
chat-find = Поиск в этом чате
chat-find-place = { $number } из { $count }
chat-find-older = Раньше
chat-find-newer = Позже
chat-find-close = Закрыть поиск
spotlight-title = Поиск
spotlight-title-of = Поиск: { $query }
spotlight-label = Поиск по всему
spotlight-placeholder = Клиенты, чаты, сообщения, страницы
spotlight-results = Результаты
spotlight-pages = Страницы
spotlight-actions = Действия
spotlight-messages = Сообщения
spotlight-recent = Недавно открытое
spotlight-outbound = Вы:
spotlight-more = Показать ещё
spotlight-all = Показать все результаты
spotlight-back = Ко всем результатам
spotlight-none = Ничего не найдено
spotlight-none-hint = Попробуйте начало слова, часть имени или номера телефона.
spotlight-failed = Сервер не ответил. Попробуйте ещё раз.
spotlight-close = Закрыть
spotlight-key-choose = выбрать
spotlight-key-open = открыть
spotlight-key-tab = в новой вкладке
spotlight-count = { $count ->
    [0] Ничего не найдено
    [one] { $count } результат
    [few] { $count } результата
   *[other] { $count } результатов
}
# Импорт и экспорт: столбцы
field-id = ID
field-full_name = Имя и фамилия
field-updated = Изменён
field-contact_phone = Другие телефоны
field-contact_email = Другие адреса почты
field-contact_telegram = Telegram
field-contact_whatsapp = WhatsApp
field-contact_other = Прочие контакты
export = Экспорт
export-csv = CSV – для программ и для повторного импорта
export-xlsx = XLSX – для Excel и LibreOffice

# Composer: drafts, templates, segments, messages for later
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
sms-culprit = из-за «{ $character }» это Юникод
sms-segments-live = Сегментов: #count, осталось: #left
sms-culprit-live = из-за «#character» это Юникод
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
problem-time-passed = Это время уже прошло. Выберите будущее.
problem-time-too-far = Не больше чем на год вперёд.
problem-time-skipped = В это время часы переводят вперёд: такого часа нет. Выберите другой.
error-late = Слишком поздно
error-late-detail = Сообщение уже отправляется или отправлено.
# Files
file-coming = Загружается от провайдера
file-lost-gone = Файл так и не пришёл: у провайдера его нет.
file-lost-too-large = Файл больше 50 МБ и не был загружен.
file-lost-refused = Файл не загружен: его адрес небезопасен.
file-size-kilobytes = { $size } КБ
file-size-megabytes = { $size } МБ
composer-attach = Прикрепить файлы
problem-too-many-files = В сообщении может быть не больше { $max } файлов.
problem-too-many-files-by = { $max ->
    [one] { $transport }: в одном сообщении можно отправить { $max } файл. Остальные отправьте следом по одному.
    [few] { $transport }: в одном сообщении можно отправить не больше { $max } файлов.
   *[many] { $transport }: в одном сообщении можно отправить не больше { $max } файлов.
}
problem-files-too-large = { $transport } передаёт не больше { $megabytes } МБ файлов. Отправьте меньше файлов или файлы поменьше.
problem-file-type = { $transport } не передаёт такие файлы, как «{ $name }».
problem-not-a-bot-token = Это не токен бота. BotFather выдаёт его в виде 123456:ABC-DEF.
problem-another-bot = Это токен другого бота. Подключите его отдельным каналом.
problem-provider-refuses = Провайдер отказывает: { $words }
problem-provider-silent = Провайдер не отвечает ({ $why }). Попробуйте ещё раз.
error-link = Ссылка больше не действует
error-link-detail = Срок её действия истёк, или она неполная. Откройте файл заново в чате.
error-files-too-large = Файлы слишком большие
error-files-too-large-detail = Файлы одного сообщения вместе не должны превышать 50 МБ. Ничего не отправлено.
# Страница клиента
client-edit-all = Изменить всё
client-edit-section = Изменить: { $section }
client-open-named = Открыть: { $name }
client-tabs = Разделы профиля
client-tab-general = Основное
client-tab-messages = Сообщения
client-tab-actions = Действия
client-tax = Налоги
client-to-chat = К переписке
client-whole-chat = Более ранние сообщения – в переписке
client-open-chat-hint = Продолжить переписку или начать её.
client-delete = Удалить клиента
client-merge-hint = Сравнить две записи об одном человеке и оставить одну.
client-delete-hint = Сначала вы увидите, что удалится вместе с ним.
client-delete-title = Удалить клиента { $name }?
client-delete-takes = Вместе с клиентом удалятся:
client-delete-warning = Отменить это нельзя. Останется только запись в журнале.
client-no-actions = Ваша роль позволяет только просмотр.
client-history = История
client-history-nobody = автоматически
count-contacts = { $count ->
    [one] { $count } контакт
    [few] { $count } контакта
   *[many] { $count } контактов
}
count-messages = { $count ->
    [one] { $count } сообщение
    [few] { $count } сообщения
   *[many] { $count } сообщений
}
count-files = { $count ->
    [one] { $count } файл
    [few] { $count } файла
   *[many] { $count } файлов
}
country-none = не указана
happened-ClientCreated = Клиент добавлен
happened-ClientUpdated = Данные изменены
happened-ChatCreated = Начат чат
happened-ClientMerged = Объединён с дубликатом
happened-ClientUnmerged = Объединение отменено
conflict-note = Пока вы редактировали, кто-то другой изменил эти данные. Ничего ещё не сохранено: сравните, оставьте своё или чужое и сохраните.
conflict-theirs = Тем временем сохранено:
conflict-take = оставить так
conflict-save = Сохранить моё
conflict-discard = Отказаться от своего
problem-taken-by-client = Это уже есть у другого клиента.
error-precondition = Это уже другая версия
error-precondition-detail = Данные с тех пор изменились. Прочитайте их заново и отправьте изменение с новым ETag.
# The list of clients: days, rows, deleting several
clients-created-any = За всё время
clients-created-week = За 7 дней
clients-created-month = За 30 дней
clients-created-since = С { $date }
clients-created-until = По { $date }
clients-created-from = С
clients-created-to = По
clients-show = Показать
clients-rows = Строк
clients-pick = Выбрать: { $name }
clients-pick-page = Выбрать всех на странице
clients-picked = Выбрано:
clients-pick-all = { $count ->
    [one] Всех: { $count } клиент
    [few] Всех: { $count } клиента
   *[other] Всех: { $count } клиентов
}
clients-pick-found = { $count ->
    [one] Всех найденных: { $count } клиент
    [few] Всех найденных: { $count } клиента
   *[other] Всех найденных: { $count } клиентов
}
clients-delete-title = { $count ->
    [one] Удалить { $count } клиента?
    [few] Удалить { $count } клиентов?
   *[other] Удалить { $count } клиентов?
}
clients-delete-warning = Всё это будет удалено, и отменить это нельзя:
clients-delete-contacts = { $count ->
    [one] { $count } контакт
    [few] { $count } контакта
   *[other] { $count } контактов
}
clients-delete-chats = { $count ->
    [one] { $count } чат
    [few] { $count } чата
   *[other] { $count } чатов
}
clients-delete-messages = { $count ->
    [one] { $count } сообщение
    [few] { $count } сообщения
   *[other] { $count } сообщений
}
clients-deleted = { $count ->
    [one] Удалён { $count } клиент.
    [few] Удалены { $count } клиента.
   *[other] Удалено { $count } клиентов.
}
clients-delete-left = { $count ->
    [one] Остался { $count }.
    [few] Осталось { $count }.
   *[other] Осталось { $count }.
}
clients-delete-go-on = Продолжить
# Импорт
import = Импорт
import-title = Импорт клиентов
import-file = Файл CSV
import-file-hint = Как его сохраняет программа таблиц: запятая, точка с запятой или табуляция, в UTF-8, UTF-16 или Windows-1251, заголовки в первой строке.
import-limits = Не больше { $rows } строк и { $megabytes } МБ.
import-upload = Загрузить
import-past = Прошлые импорты
import-none = Импортов пока не было
import-none-hint = Загрузите таблицу. Прежде чем что-либо сохранится, вы увидите, что она значит и что в ней не так.
import-rows = { $count ->
    [one] { $count } строка
    [few] { $count } строки
   *[other] { $count } строк
}
import-created = новых: { $count }
import-updated = изменено: { $count }
import-state-mapping = Что значат столбцы?
import-state-checking = Строки проверяются
import-state-checked = Проверено, можно импортировать
import-state-running = Идёт импорт
import-state-cancelling = Отменяется
import-state-failing = Изменения откатываются
import-state-done = Импортировано
import-state-cancelled = Отменено
import-state-failed = Не импортировано
import-mapping-lead = Что значат столбцы? То, что удалось угадать, уже выбрано; что вы пропустите, прочитано не будет.
import-means = Что значит { $title }
import-not-read = – не читать –
import-doubled = Это уже значит другой столбец.
import-no-name = Ни в одном столбце нет имени, телефона или ПИНФЛ, поэтому из строк не получится клиентов.
import-dates = Как записаны даты
import-dates-day-first = Сначала день: 28.02.1990
import-dates-month-first = Сначала месяц: 02/28/1990
import-dates-ambiguous = Даты в этом файле можно прочитать двояко. Проверьте, как правильно.
import-dates-hint = Даты вида 1990-02-28 понятны в любом случае.
import-check = Проверить строки
import-progress = Строк: { $position } из { $total }. Страницу можно закрыть, работа продолжится.
import-refresh = Обновить
import-good = Новые клиенты
import-duplicates = Уже есть
import-bad = С ошибками
import-made = Новые
import-changed = Изменены
import-kept = Оставлены как есть
import-of-duplicates = Клиенты, которые уже есть
import-skip = Оставить как есть
import-skip-hint = Клиент узнаётся по телефону или ПИНФЛ.
import-update = Обновить
import-update-hint = Заполненные ячейки заменят сохранённое, пустые ничего не изменят.
import-of-bad = Строки с ошибками
import-good-only = Импортировать хорошие строки
import-good-only-hint = Остальные можно скачать, исправить и импортировать потом.
import-whole = Все строки или ни одной
import-whole-hint = Если какую-то строку сохранить не удастся или вы отмените импорт, всё вернётся как было.
import-whole-not = Невозможно, пока в строках есть ошибки.
import-start = Начать импорт
import-columns-again = Изменить столбцы
import-cancel = Отменить импорт
import-flaws = Строки с ошибками и повторы
import-flaws-download = Скачать CSV
import-flaws-more = В файле они все.
import-flaws-file = исправить
import-row = Строка
import-row-number = Строка { $row }
import-wrong = Что не так
import-failed = Одну из строк сохранить не удалось, поэтому не сохранена ни одна.
import-cancelled-kept = Импорт отменили на полпути. Клиенты, импортированные до этого, сохранены.
import-undone = Всё, что он успел сделать, отменено.
import-undone-but = { $count ->
    [one] Отменено всё, кроме { $count } клиента: его с тех пор изменили или ему написали.
   *[other] Отменено всё, кроме { $count } клиентов: их с тех пор изменили или им написали.
}
import-file-gone = Загруженный файл удалён: он хранится один день.
import-to-clients = К клиентам
flaw-not-a-date = Это не дата в выбранном порядке, или такой даты быть не может.
flaw-not-a-gender = Напишите: женский, мужской или другой.
flaw-not-a-country = Напишите страну двумя буквами, например UZ.
flaw-too-many-cells = В строке больше ячеек, чем заголовков. Возможно, не хватает кавычки.
flaw-taken = Это уже есть у клиента.
flaw-repeats = Это уже есть в строке { $row }.
flaw-two-clients = Телефон одного клиента, а ПИНФЛ другого.
flaw-client = Клиент { $id }
field-last_first_name = ФИО, сначала фамилия
problem-not-a-table = В этом файле нет таблицы с заголовками и строками.
error-table-too-large = Таблица слишком большая
error-table-too-large-detail = За один раз импортируется не больше { $rows } строк и { $megabytes } МБ. Разделите файл и импортируйте части по очереди.

# Учётная запись
account-title = Ваша учётная запись
account-as-company = Как у компании: { $language }
account-password = Пароль
account-password-change = Сменить пароль
account-password-hint = Не меньше восьми знаков. Здесь вы останетесь в системе, на остальных устройствах вход завершится.
locale-en = английский
locale-ru = русский
locale-uz = узбекский
theme-system = Как в системе
theme-light = Светлые
theme-dark = Тёмные
field-locale = Язык
field-theme = Цвета
field-single_keys = Клавиши J, K, / и подобные
field-current_password = Текущий пароль
field-password = Новый пароль
problem-wrong-password = Это не ваш пароль.
saved = Сохранено
keys-title = Сочетания клавиш
keys-on = Включены
keys-off = Выключены
keys-spotlight = Найти что угодно
keys-search = Искать в этом списке
keys-next = Следующий чат
keys-previous = Предыдущий чат
keys-send = Отправить сообщение
keys-break = Новая строка в сообщении
keys-templates = Вставить быстрый ответ, если поле пустое
keys-close = Закрыть открытое
keys-help = Показать эти клавиши

app-description = Общий почтовый ящик для клиентов, которые пишут по SMS, WhatsApp и Telegram
offline-title = Нет связи
offline-detail = Aloqa сейчас недоступна. Написанное сохранено, страница вернётся сама.
offline-again = Попробовать ещё раз
# Что пришло с Telegram: предложения под сообщениями, ссылки на бота
offer-phone = Собственный номер клиента, подтверждён Telegram: { $phone }
offer-phone-take = Сохранить как телефон
offer-merge = Возможно, это { $name } — такой клиент уже есть в списке.
offer-merge-look = Сравнить и объединить
invite-entry = Пригласить в Telegram
invite-hint = По личной ссылке Telegram клиента присоединится к этому чату.
invite-title = Приглашение в Telegram: { $name }
invite-lead = Отправьте ссылку по SMS или почте. Когда клиент откроет её и нажмёт «Старт», его Telegram будет связан с этой карточкой, а сообщения придут в этот чат.
invite-link = Ссылка
invite-good = Действует 30 дней и для одного человека. Кто её откроет, будет считаться этим клиентом.
invite-make = Создать ссылку
invite-no-bot = Бот Telegram не подключён.
invite-back = Назад к клиенту
# Files in the composer; the script puts names and sizes in
composer-files = Файлы к отправке
composer-file-added = Прикреплено: #name
composer-file-removed = Убрано: #name
composer-file-remove = Убрать #name
composer-no-folders = Папки отправить нельзя. Выберите файлы внутри них.
composer-drop = Перетащите файлы сюда, чтобы прикрепить их
composer-uploading = Отправка файлов
composer-upload-cancelled = Отменено. Ничего не отправлено, текст и файлы остались на месте.

# What stands for a message of files alone
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
## Каналы
nav-channels = Каналы
channels-title = Каналы
channels-new = Подключить канал
channels-new-twilio = Подключить аккаунт Twilio
channels-empty = Ни один канал не подключён
channels-empty-hint = Подключите аккаунт Twilio, и клиенты смогут писать вам по SMS и в WhatsApp.
channel-provider-twilio = Twilio
channel-heard = последний вебхук: { $time }
channel-never-heard = вебхуков ещё не было
channel-account-hint = Оба значения есть на первой странице консоли Twilio. Токен хранится зашифрованным и больше не показывается.
channel-senders = Номера
channel-senders-hint = Нужен хотя бы один. SMS уходят через Messaging Service, если он указан, иначе с номера; подойдёт и короткий номер или имя до 11 букв, но на имя нельзя ответить.
channel-senders-change = Что ждёт отправки с номера, которого здесь больше нет, не уйдёт, и в сообщении будет указано почему.
channel-connect = Подключить
channel-state = Состояние
channel-state-working = Работает
channel-state-failing = Не работает
channel-state-disabled = Выключен
channel-last-webhook = Последний вебхук
channel-refused-webhook = Отклонённый вебхук
channel-refused-why = Подпись не сошлась: токен здесь не от этого аккаунта, или адрес в Twilio отличается от указанного ниже.
channel-last-error = Последняя ошибка
channel-waiting = В очереди
channel-queued = { $count ->
    [one] { $count } сообщение к отправке
    [few] { $count } сообщения к отправке
   *[many] { $count } сообщений к отправке
}
channel-scheduled = { $count ->
    [one] { $count } отложенное
    [few] { $count } отложенных
   *[many] { $count } отложенных
}
channel-test = Проверить
channel-enable = Включить
channel-disable = Выключить
channel-disable-hint = Выключенный канал ничего не отправляет и не принимает: что клиенты напишут за это время, пропадёт, а что ждёт отправки, не уйдёт.
channel-disabled-hint = Ничего не отправляется, а что пишут клиенты, отклоняется. Отметки о доставке отправленного раньше ещё приходят.
channel-webhooks = Адреса для Twilio
channel-webhooks-hint = Вставьте первый адрес в консоли Twilio у номера, отправителя WhatsApp или Messaging Service в поле «A message comes in». Второй передаётся с каждым сообщением сам.
channel-webhook-message = Входящие сообщения
channel-webhook-status = Отчёты о доставке
channel-credentials = Доступ
channel-credentials-hint = Со старым токеном больше ничего не отправляется. Вебхукам, подписанным им, мы верим ещё час: Twilio подписывает старым, пока новый не сделан основным.
channel-leaked = Старый токен стал известен посторонним: с этой минуты не верить ничему, что им подписано
channel-rotate = Заменить токен
channel-remove = Удалить канал
channel-remove-hint = Чаты и сообщения останутся. Что ещё произойдёт, мы скажем и переспросим.
channel-remove-link = Удалить…
channel-remove-title = Удалить { $name }?
channel-remove-stays = Все чаты и сообщения останутся: их можно читать и находить.
channel-remove-stops = Что клиенты напишут на эти номера, будет отклонено.
channel-remove-fails = { $count ->
    [0] К отправке ничего не ждёт.
    [one] { $count } сообщение из очереди не уйдёт, и в нём будет указано почему.
    [few] { $count } сообщения из очереди не уйдут, и в них будет указано почему.
   *[many] { $count } сообщений из очереди не уйдут, и в них будет указано почему.
}
channel-remove-credentials = Данные доступа будут удалены. Чтобы вернуть канал, аккаунт подключают заново.
channel-check-account-active = Аккаунт «{ $subject }» отвечает и активен.
channel-check-account-suspended = Аккаунт «{ $subject }» заблокирован. Причина указана в консоли Twilio.
channel-check-account-closed = Аккаунт «{ $subject }» закрыт.
channel-check-account-unknown = Twilio не знает аккаунта { $subject }.
channel-check-credentials-refused = Twilio не принимает токен аккаунта { $subject }. Замените его ниже.
channel-check-no-answer = Не удалось связаться с Twilio: { $subject }.
channel-check-other-answer = Twilio ответил { $subject }: о канале это ничего не говорит. Повторите через минуту.
channel-check-number-found = Номер { $subject } есть и может отправлять SMS.
channel-check-number-missing = Номера { $subject } нет в этом аккаунте.
channel-check-number-without-sms = Номер { $subject } не может отправлять SMS.
channel-check-sender-name = «{ $subject }» – имя, его в Twilio не проверить. Клиенты не могут на него ответить.
channel-check-posts-here = Что приходит на { $subject }, поступает сюда.
channel-check-posts-elsewhere = Что приходит на { $subject }, поступает на { $detail }, а не сюда. Вставьте адрес ниже в Twilio.
channel-check-posts-nowhere = Что приходит на { $subject }, никуда не поступает. Вставьте адрес ниже в Twilio.
channel-check-service-found = Messaging Service «{ $subject }» есть.
channel-check-service-missing = В аккаунте нет Messaging Service { $subject }.
channel-check-whatsapp-online = { $subject } в сети WhatsApp.
channel-check-whatsapp-offline = { $subject } зарегистрирован в WhatsApp, но ещё не в сети.
channel-check-whatsapp-missing = { $subject } – не отправитель WhatsApp этого аккаунта.
channel-check-whatsapp-unchecked = Twilio не сказал, является ли { $subject } отправителем WhatsApp. Это покажет сообщение самому себе.
copy = Скопировать
copied = Скопировано
field-account_sid = Account SID
field-auth_token = Токен (Auth token)
field-sms_number = Номер для SMS
field-whatsapp_number = Номер WhatsApp
field-messaging_service_sid = Messaging Service SID
field-leaked = Известен посторонним
field-enabled = Включён
problem-not-a-sid = Это не SID: он начинается с { $prefix } и состоит из 34 знаков.
problem-not-a-sender = Это не номер, не короткий номер и не имя до 11 латинских букв и цифр.
problem-sender-required = Укажите номер или Messaging Service.
problem-credentials-refused = Twilio не принимает этот аккаунт и токен.
problem-channel-off = Канал для этого выключен.
composer-channel-off = канал выключен
failure-channel-disabled = Канал выключен.
failure-channel-removed = Канал удалён.
failure-channel-changed = У канала больше нет номера для этого.
failure-no-answer = Не удалось связаться с провайдером.
channel-check-bot-active = Бот { $subject } отвечает.
channel-check-bot-refused = Telegram не принимает токен бота { $subject }. Возьмите его у BotFather и замените ниже.
channel-check-bot-no-answer = Telegram недоступен: { $subject }.
channel-check-bot-posts-here = Всё, что пишут { $subject }, приходит сюда.
channel-check-bot-posts-elsewhere = Всё, что пишут { $subject }, уходит на { $detail }, а не сюда. Выключите канал и включите снова, чтобы вернуть.
channel-check-bot-posts-nowhere = То, что пишут { $subject }, никуда не доставляется. Выключите канал и включите снова.
channel-check-bot-post-failed = Telegram не смог доставить то, что писали { $subject }: { $detail }

## Отправка
queue-title = Очередь и сбои
queue-queued = К отправке
queue-under-way = Отправляется
queue-retried = Будет повторено
queue-scheduled = Отложено
queue-failed = Не доставлено
queue-unknown = Судьба неизвестна
queue-removed = Удалённые каналы
queue-undelivered = Не доставлено
queue-channel = Канал
queue-all-channels = Все каналы
queue-show = Показать
queue-nothing-failed = Сбоев нет
queue-message = Сообщение
queue-when = Когда
queue-pick = Выбрать сообщение для { $name }
queue-unknown-hint = Возможно, оно дошло. Посмотрите в чат, прежде чем отправлять снова.
queue-resend-picked = Отправить выбранные снова
queue-resend-all = Отправить снова всё недоставленное
queue-total = { $count ->
    [one] { $count } сообщение не доставлено
    [few] { $count } сообщения не доставлено
   *[many] { $count } сообщений не доставлено
}
queue-resent = { $count ->
    [0] Ни одно сообщение не поставлено в очередь.
    [one] { $count } сообщение снова в очереди.
    [few] { $count } сообщения снова в очереди.
   *[many] { $count } сообщений снова в очереди.
} { $refused ->
    [0] {""}
    [one] { $refused } отправить нельзя: с клиентом так больше не связаться.
    [few] { $refused } отправить нельзя: с клиентами так больше не связаться.
   *[many] { $refused } отправить нельзя: с клиентами так больше не связаться.
}
channel-provider-telegram = Telegram
channels-new-telegram = Подключить бота Telegram
field-bot_token = Токен бота
channel-bot-hint = Его выдаёт BotFather по команде /newbot. Токен хранится зашифрованным и больше не показывается. Всё, что клиенты пишут боту, с этого момента приходит сюда и никуда больше.
channel-bot-credentials-hint = Новый токен того же бота, после команды /revoke у BotFather. Со старым больше ничего не отправляется.
channel-bot-disable-hint = Выключенный бот ничего не отправляет и не слышит; что ждёт отправки, не уйдёт. Написанное за это время Telegram хранит сутки.

# Twilio: отказ от сообщений, окно WhatsApp, одобренные шаблоны
composer-opted-out = клиент отказался от сообщений
composer-opted-out-how = { $transport }: клиент отказался от сообщений словом STOP. Снова открыть может только клиент, написав START.
composer-closed-by-client = { $transport }: { $why }.
problem-opted-out = Клиент отказался от сообщений словом STOP. Снова открыть может только клиент, написав START.
problem-window-closed = Клиент последний раз писал в WhatsApp более 24 часов назад. Отправьте одобренный шаблон.
problem-too-many-lines = Строк больше, чем переменных в тексте: не более { $max }.
window-open = 24-часовое окно закроется через { $hours } ч { $minutes } мин.
window-open-minutes = 24-часовое окно закроется через { $minutes } мин.
window-closed = Клиент последний раз писал в WhatsApp более 24 часов назад. Пока он не напишет снова, WhatsApp принимает только одобренные шаблоны.
window-unopened = Клиент ещё не писал в WhatsApp. До этого WhatsApp принимает только одобренные шаблоны.
approved-title = Одобренные шаблоны
approved-hint = Тексты, которые WhatsApp одобрил для этого номера. Их можно отправлять всегда, даже если клиент писал более 24 часов назад.
approved-new = Добавить шаблон
approved-edit = Одобренный шаблон
approved-form-hint = Скопируйте шаблон из Content Template Builder в Twilio, когда WhatsApp его одобрит. Изменения здесь не меняют его там.
approved-body-hint = Одобренный текст с переменными {"{{1}}"}, {"{{2}}"} и так далее.
approved-defaults-hint = По строке на каждую переменную, по порядку; пустые заполняются перед отправкой. Можно использовать подстановки:
approved-delete-title = Удалить этот шаблон?
approved-delete-warning = Из Aloqa его больше нельзя будет отправить. Отправленное останется в чатах, в Twilio ничего не изменится.
approved-none = Одобренных шаблонов нет
approved-none-hint = Для этого номера WhatsApp ещё нет одобренных шаблонов.
approved-to-settings = Добавить в настройках
approved-all = Одобренные шаблоны
approved-variable = Переменная { $number }
approved-preview = Клиент прочтёт
approved-send-hint = Уйдёт в WhatsApp в том виде, в каком одобрено.
field-content_sid = Content SID
field-language = Код языка
field-body = Одобренный текст
field-defaults = Начальные значения
message-approved = одобренный шаблон
failure-21655 = Twilio не знает этого одобренного шаблона. Попросите администратора проверить его Content SID.
failure-21656 = Значения не подходят к одобренному шаблону. Попросите администратора проверить его переменные.
# Instant messages: the list's order, the editor, its example
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
templates-preview-empty = Здесь текст будет показан так, как его получит клиент.
templates-nameless = Клиент, чьё имя неизвестно
templates-placeholders-hint = Заполняются при использовании. Что неизвестно, пропускается вместе с запятой.
placeholder-client-first_name = Имя клиента
placeholder-client-last_name = Фамилия клиента
placeholder-client-full_name = Полное имя клиента
placeholder-user-first_name = Ваше имя
placeholder-user-full_name = Ваше полное имя
placeholder-tenant-name = Компания
sample-first-name = Азиза
sample-last-name = Каримова

# The frame of pages
nav-names = Показать названия
nav-icons = Только значки

# A number alone, which is written as the language does
number = { $count }
# Симулятор: телефоны клиентов
nav-simulator = Симулятор
simulator-lead = Изображает телефоны клиентов. Написанное здесь приходит подписанными вебхуками, как от провайдера; отправленное из чатов появляется здесь.
simulator-no-channel = Нет канала для симуляции
simulator-who = Кто пишет
simulator-number = Номер телефона
simulator-username = Имя пользователя Telegram
simulator-take = Взять
simulator-search = Найти клиента
simulator-nobody = Так не связаться ни с одним клиентом. Введите номер или имя пользователя выше.
simulator-choose = Выберите, кто пишет.
simulator-phone-of = Телефон: { $name }
simulator-empty = Здесь пока ничего нет
simulator-write = Написать в { $name }
simulator-report = Сообщить статус
simulator-answered = Aloqa ответила { $status }: сообщение не принято.
simulator-refused = Aloqa ответила #status: не принято.
simulator-orders = Как ведёт себя провайдер
simulator-orders-of = С этим телефоном: { $name }
simulator-seconds = Секунды
simulator-code = Код ошибки
simulator-once = Только для следующего сообщения
simulator-order = Применить
simulator-hint = Столько секунд проходит перед каждым статусом; столько же просит подождать ответ 429. Статус можно сообщить и вручную, под каждым сообщением, в любом порядке.
simulator-hint-telegram = Отвечая 429, провайдер просит подождать столько секунд. О доставке и прочтении Telegram не сообщает.
phone-file = Файл { $number }
play-deliver = Доставляет
play-telegram-deliver = Принимает сообщение
play-read = Доставляет, и клиент читает
play-hold = Принимает; статусы сообщаю я
play-undelivered = Сообщает: не доставлено
play-failed = Сообщает: ошибка
play-refused = Отказывает сразу
play-telegram-refused = Клиент заблокировал бота
play-too-many = Слишком много запросов (429)
play-unavailable = Не работает (503)
play-reset = Читает запрос, и связь обрывается
play-hang = Читает запрос и не отвечает
turned-refused = Сообщение отклонено
turned-too-many = На сообщение ответили 429
turned-unavailable = На сообщение ответили 503
turned-reset = Сообщение прочитано, связь оборвалась
turned-hang = Сообщение прочитано, ответа не было
report-queued = в очереди
report-sent = отправлено
report-delivered = доставлено
report-read = прочитано
report-undelivered = не доставлено
report-failed = ошибка
field-from = Кто пишет
field-seconds = Секунды
field-code = Код ошибки

# Уведомления сотрудников
notifications-title = Уведомления
notifications-telegram = Telegram
notifications-linked = Уведомления приходят: { $name }.
notifications-unlink = Отвязать
notifications-lost = Бот был заблокирован ({ $time }), поэтому уведомления больше не приходят. Чтобы получать их, привяжите Telegram снова.
notifications-no-bot = У компании нет бота Telegram, который мог бы присылать уведомления. Администратор подключает его в разделе «Каналы».
notifications-how = Бот компании может сообщать вам о сообщениях в Telegram, где бы вы ни были.
notifications-link = Привязать Telegram через @{ $bot }
notifications-open = Открыть @{ $bot }
notifications-then = Там в течение часа нажмите «Старт».
notifications-of = О чём сообщать
told-of-all = Обо всех сообщениях клиентов
told-of-mine = О сообщениях клиентов, которым я писал(а)
told-of-none = О сообщениях клиентов не сообщать
notifications-failed = О моих сообщениях, которые не ушли
notifications-with-text = Показывать текст сообщения
notifications-quiet = Тихие часы
notifications-quiet-hint = С первого часа до второго уведомления не приходят, по часовому поясу компании ({ $zone }); о пришедшем за это время сообщается потом, если его никто не прочитал. Пусто — без тихих часов.
field-quiet_from = С
field-quiet_to = До
notifications-device = На этом устройстве
notifications-device-hint = Пока Aloqa открыта во вкладке, на которую вы не смотрите.
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
notice-linked = Готово: теперь { $company } сообщает вам о сообщениях здесь.
