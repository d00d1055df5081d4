### Russian: the texts of the feature module `identity`.

## Sign in

login-title = Вход
login-lead = Клиенты уже ждут.
login-email = Эл. почта
login-password = Пароль
login-submit = Войти
login-denied = Неверная почта или пароль.
login-choose-title = Выберите рабочее пространство
login-choose-lead = Эти почта и пароль открывают несколько. Введите пароль ещё раз и выберите.

## Account

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
problem-common-password = Этот пароль будут подбирать одним из первых.
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
