### Russian: the texts of the feature module `clients`.

## Clients

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
sort-best = Сначала самые подходящие
sort-newest = Сначала новые
sort-oldest = Сначала старые
sort-name = Имя А–Я
sort-name-desc = Имя Я–А
client-since = Клиент с { $date }
client-open-profile = Открыть профиль
client-open-chat = Открыть чат
client-details = Клиент
client-notes = Заметки
client-personal = Личные данные
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
field-country_code = Страна ПИНФЛ
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

## Duplicates and merges

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
merge-lead = Выберите дубликат клиента { $name }
merge-likely = Возможные совпадения
merge-search = Найти другого клиента
merge-compare = Сравнить
merge-compare-with = Сравнить с клиентом { $name }
merge-compare-lead = Там, где данные расходятся, выберите, что оставить.
merge-dismiss = Это разные люди
merge-stays = Остаётся
merge-goes = Будет присоединён
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
merges-empty = Объединений в последнее время не было
merge-merged = Присоединён клиент { $name }
merge-until = можно отменить до { $date }
merge-undo = Отменить
merge-under = Сначала отмените более позднее объединение
merge-undone = Объединение отменено
merge-undone-lead = Оба клиента восстановлены. Сообщения, пришедшие после объединения, остались там, где были.
merge-left = Что не удалось вернуть
merge-left-changed = { $field }: изменено после объединения, поэтому осталось как есть.
merge-left-taken = { $field }: теперь это значение у другого клиента.
merge-left-contact = Контакт { $value }: удалён после объединения или теперь принадлежит другому клиенту.
problem-itself = Это тот же самый клиент. Выберите другого.
error-merged = Клиент объединён с другим
error-merged-detail = Продолжение здесь: { $url }
error-merged-show = Открыть объединённого клиента
error-stale = Данные изменились
error-stale-detail = Кто-то изменил запись после того, как вы её открыли. Проверьте и повторите.
error-conflict-merge = Этот клиент сам был объединён позже. Сначала отмените более позднее объединение.

## Import and export: columns

field-id = ID
field-full_name = Имя и фамилия
field-updated = Изменён
field-contact_phone = Другие телефоны
field-contact_email = Другие адреса почты
field-contact_telegram = Telegram
field-contact_whatsapp = WhatsApp
field-contact_other = Прочие контакты
export = Экспорт
export-csv = CSV — для таблиц и повторного импорта
export-xlsx = XLSX — для Excel и LibreOffice

## A client's page

client-edit-all = Изменить всё
client-edit-section = Изменить: { $section }
client-open-named = Открыть: { $name }
client-tabs = Разделы профиля
client-tab-general = Основное
client-tab-messages = Сообщения
client-tab-actions = Действия
client-tax = Налоги
client-to-chat = Перейти к чату
client-whole-chat = Более ранние сообщения — в чате
client-open-chat-hint = Продолжить чат или начать его.
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
happened-ClientCreated = Клиент создан
happened-ClientUpdated = Данные изменены
happened-ChatCreated = Чат начат
happened-ClientMerged = Объединён с дубликатом
happened-ClientUnmerged = Объединение отменено
conflict-note = Пока вы редактировали, кто-то другой изменил эти данные. Ничего ещё не сохранено: сравните, оставьте своё или чужое и сохраните.
conflict-theirs = За это время сохранено:
conflict-take = взять это
conflict-save = Сохранить мои изменения
conflict-discard = Отказаться от моих изменений
problem-taken-by-client = Уже указано у другого клиента.
error-precondition = Версия устарела
error-precondition-detail = Данные с тех пор изменились. Прочитайте их заново и отправьте изменение с новым ETag.

## The list of clients: created dates, rows, bulk delete

clients-created-any = За всё время
clients-created-week = За 7 дней
clients-created-month = За 30 дней
clients-created-since = С { $date }
clients-created-until = По { $date }
clients-created-from = От
clients-created-to = До
field-created_from = { clients-created-from }
field-created_to = { clients-created-to }
field-sort = { clients-sort }
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

## Import

import = Импорт
import-title = Импорт клиентов
import-file = Файл
import-file-hint = Таблица в том виде, в каком её сохраняет табличный редактор (запятая, точка с запятой или табуляция; UTF-8, UTF-16 или Windows-1251; названия столбцов в первой строке), или адресная книга (vCard).
import-ignored = Не импортируется: { $columns }.
import-limits = Не больше { $rows } строк и { $megabytes } МБ.
import-upload = Загрузить
import-past = Прошлые импорты
import-none = Импортов пока не было
import-none-hint = Загрузите таблицу. До сохранения вы увидите, как она прочитана и где ошибки.
import-rows = { $count ->
    [one] { $count } строка
    [few] { $count } строки
   *[other] { $count } строк
}
import-created = новых: { $count }
import-updated = изменено: { $count }
import-state-mapping = Сопоставьте столбцы
import-state-checking = Строки проверяются
import-state-checked = Проверено, можно импортировать
import-state-running = Идёт импорт
import-state-cancelling = Отменяется
import-state-failing = Изменения откатываются
import-state-done = Импортировано
import-state-cancelled = Отменено
import-state-failed = Не импортировано
import-mapping-lead = Сопоставьте столбцы. Распознанное уже выбрано; пропущенные столбцы не импортируются.
import-means = Что в столбце { $title }
import-not-read = — пропустить —
import-doubled = Это поле уже сопоставлено с другим столбцом.
import-no-name = Ни в одном столбце нет имени, телефона или ПИНФЛ, поэтому из строк не получится клиентов.
import-dates = Формат дат
import-dates-day-first = Сначала день: 28.02.1990
import-dates-month-first = Сначала месяц: 02/28/1990
import-dates-ambiguous = Даты в этом файле можно прочитать двояко. Проверьте, как правильно.
import-dates-hint = Даты вида 1990-02-28 распознаются всегда.
import-check = Проверить строки
import-progress = Строк: { $position } из { $total }. Страницу можно закрыть, работа продолжится.
import-refresh = Обновить
import-good = Новые клиенты
import-duplicates = Уже существуют
import-bad = С ошибками
import-made = Новые
import-changed = Изменены
import-kept = Без изменений
import-of-duplicates = Клиенты, которые уже существуют
import-skip = Не менять
import-skip-hint = Клиент определяется по телефону или ПИНФЛ.
import-update = Обновить
import-update-hint = Заполненные ячейки заменят сохранённое, пустые ничего не изменят.
import-of-bad = Строки с ошибками
import-good-only = Импортировать строки без ошибок
import-good-only-hint = Остальные можно скачать, исправить и импортировать позже.
import-whole = Все строки или ни одной
import-whole-hint = Если строку не удастся сохранить или вы отмените импорт, все изменения будут отменены.
import-whole-not = Невозможно, пока в строках есть ошибки.
import-start = Начать импорт
import-columns-again = Изменить столбцы
import-cancel = Отменить импорт
import-flaws = Строки с ошибками и дубликаты
import-flaws-download = Скачать CSV
import-flaws-more = В файле есть все такие строки.
import-flaws-file = с ошибками
import-row = Строка
import-row-number = Строка { $row }
import-wrong = Ошибка
import-failed = Одну из строк сохранить не удалось, поэтому не сохранена ни одна.
import-cancelled-kept = Импорт отменили на полпути. Клиенты, импортированные до этого, сохранены.
import-undone = Все его изменения отменены.
import-undone-but = { $count ->
    [one] Отменено всё, кроме { $count } клиента: его с тех пор изменили или ему написали.
   *[other] Отменено всё, кроме { $count } клиентов: их с тех пор изменили или им написали.
}
import-file-gone = Загруженный файл удалён: он хранится один день.
import-to-clients = Перейти к клиентам
flaw-not-a-date = Это не дата в выбранном формате, или такой даты нет.
flaw-not-a-gender = Напишите: женский, мужской или другой.
flaw-not-a-country = Напишите страну двумя буквами, например UZ.
flaw-too-many-cells = В строке больше ячеек, чем заголовков. Возможно, не хватает кавычки.
flaw-unclosed-quote = В этой строке есть открывающая кавычка без закрывающей, поэтому остаток файла попал в одну ячейку. Исправьте строку и загрузите файл заново.
flaw-taken = Уже указано у существующего клиента.
flaw-repeats = Уже указано в строке { $row }.
flaw-two-clients = Телефон одного клиента, а ПИНФЛ другого.
flaw-client = Клиент { $id }
field-last_first_name = ФИО, сначала фамилия
problem-not-a-table = В этом файле нет таблицы с заголовками и строками.
error-table-too-large = Таблица слишком большая
error-table-too-large-detail = За один раз импортируется не больше { $rows } строк и { $megabytes } МБ. Разделите файл и импортируйте части по очереди.
