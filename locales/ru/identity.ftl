### Russian: the texts of the feature module `identity`.

## Sign in

login-title = Вход
login-lead = Войдите в рабочее пространство.
login-email = Эл. почта
login-password = Пароль
login-submit = Войти
login-denied = Неверная почта или пароль.
login-choose-title = Выберите рабочее пространство
login-choose-lead = У вас несколько рабочих пространств. Введите пароль ещё раз и выберите одно.

## Account

account-title = Ваша учётная запись
account-as-company = Как в рабочем пространстве: { $language }
account-password = Пароль
account-password-change = Сменить пароль
account-password-hint = Не меньше восьми символов. Здесь вы останетесь в системе, на остальных устройствах вход завершится.
locale-en = English
locale-ru = Русский
locale-uz = Oʻzbekcha
theme-system = Системная
theme-light = Светлая
theme-dark = Тёмная
field-locale = Язык
field-theme = Тема
field-single_keys = Клавиши без сочетаний (J, K, /)
field-current_password = Текущий пароль
field-password = Новый пароль
problem-common-password = Этот пароль слишком легко подобрать.
problem-wrong-password = Неверный пароль.
saved = Сохранено
keys-title = Сочетания клавиш
keys-on = Включены
keys-off = Выключены
keys-spotlight = Искать везде
keys-search = Искать в этом списке
keys-next = Следующий чат
keys-previous = Предыдущий чат
keys-send = Отправить сообщение
keys-break = Новая строка в сообщении
keys-templates = Вставить быстрый ответ, если поле пустое
keys-leave = Выйти из поля сообщения
keys-return = Вернуться в поле сообщения
keys-close = Закрыть окно
keys-help = Показать сочетания клавиш
app-description = Единый чат с клиентами, которые пишут по SMS, в WhatsApp и Telegram
offline-title = Нет интернета
offline-detail = Aloqa сейчас недоступна. Написанное сохранено, страница откроется сама.
offline-again = Попробовать ещё раз
