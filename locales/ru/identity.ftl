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

## Доступ: сеансы, ключи API, команда и роли

account-more = Другие настройки
last-used = последнее использование: { $time }
never-used = ещё не использовался
ends = действует до { $date }
sessions-title = Сеансы
sessions-lead = Браузеры, в которых вы вошли. Смена пароля завершает все остальные сеансы.
session-begun = вход: { $time }
session-current = этот браузер
session-end = Завершить
session-unknown = Неизвестный браузер
api-keys-title = Ключи API
api-keys-lead = С ключом программа может то же, что и вы, или то, что разрешает роль.
api-keys-empty = Ключей API нет
api-keys-empty-hint = Создайте ключ для программы, которая работает с этим пространством.
api-key-created = Новый ключ показывается только сейчас. Сохраните его в надёжном месте.
api-key-service = сервисный аккаунт
api-key-revoke = Отозвать
api-key-new = Новый ключ API
api-key-own = От моего имени
api-key-permissions = Только эти права (ничего не выбрано — все)
api-key-create = Создать ключ
field-expires_in = Срок действия в днях (365)
field-role = Роль
field-permissions = Права
field-disabled = Отключён
team-title = Команда
team-link = Эта ссылка для { $email } показывается только сейчас. Скопируйте и отправьте её; она действует один раз.
team-disabled-since = отключён с { $date }
team-seen = последний вход: { $time }
team-change = Изменить
team-change-name = Изменить: { $name }
team-reset-link = Ссылка для нового пароля
team-disable = Отключить
team-enable = Включить
team-me = это вы
team-total = { $count ->
    [one] { $count } пользователь
    [few] { $count } пользователя
   *[many] { $count } пользователей
}
team-invitations = Приглашения
team-withdraw = Отозвать
team-invite = Пригласить коллегу
team-invite-hint = Вы получите ссылку, которую нужно отправить. Она действует один раз в течение семи дней.
team-invite-create = Создать ссылку
roles-title = Роли
roles-lead = Роль определяет, что могут делать её пользователи.
role-administrator = Администратор
role-manager = Менеджер
role-agent = Оператор
role-read-only = Только просмотр
role-builtin = встроенная
role-users = { $count ->
    [one] { $count } пользователь
    [few] { $count } пользователя
   *[many] { $count } пользователей
}
role-new = Новая роль
role-permissions = Права
role-create = Создать роль
role-delete = Удалить роль
permission-client-create = Создавать и импортировать клиентов
permission-client-read = Видеть клиентов
permission-client-update = Изменять клиентов и их контакты
permission-client-delete = Удалять и объединять клиентов
permission-client-export = Экспортировать клиентов
permission-chat-read = Видеть чаты и сообщения
permission-chat-send = Отправлять сообщения
permission-messagetemplate-create = Создавать быстрые ответы
permission-messagetemplate-read = Использовать быстрые ответы
permission-messagetemplate-update = Изменять быстрые ответы
permission-messagetemplate-delete = Удалять быстрые ответы
permission-channel-manage = Подключать и настраивать каналы
permission-user-manage = Управлять командой, ролями и ключами API
permission-audit-read = Видеть журнал аудита
permission-workspace-manage = Изменять настройки рабочего пространства
access-title = Новый пароль
access-welcome = Добро пожаловать в { $workspace }
access-hint = Не менее восьми символов. После этого войдите с новым паролем.
access-submit = Сохранить пароль
problem-own-account = Нельзя отключить собственную учётную запись.

# The settings of the workspace.
workspace-title = Рабочее пространство
outbound-countries-title = Номера других стран
outbound-countries-lead = SMS и сообщения WhatsApp в другие страны дороже, и на них часто наживаются мошенники. Клиенту, который написал сам, можно ответить всегда.
outbound-countries-own = Своя страна и страны клиентов, которые писали
outbound-countries-listed = Только эти страны
outbound-countries-any = Все страны
outbound-countries-known = Своя страна и страны клиентов, которые писали: { $countries }.
field-country = Страна
field-outbound_countries = Отправлять на номера
field-listed_countries = Коды стран, например UZ KZ
field-time_zone = Часовой пояс

# The second factor.
two-factor-title = Двухфакторный вход
two-factor-lead = После пароля запрашивается код из приложения на вашем телефоне.
two-factor-required = В вашем рабочем пространстве нужен второй фактор. Настройте его, чтобы продолжить.
two-factor-off = Подойдёт любое приложение для кодов: Google Authenticator, Microsoft Authenticator, Яндекс Ключ, Aegis и другие.
two-factor-begin = Настроить
two-factor-scan = Отсканируйте этот код приложением, затем введите шесть цифр, которые оно покажет.
two-factor-qr = QR-код для приложения
two-factor-by-hand = Или введите ключ вручную:
two-factor-confirm = Включить
two-factor-codes-title = Резервные коды
two-factor-codes-lead = Сохраните эти коды в надёжном месте. Если телефон потеряется, каждый из них впустит вас один раз. Больше они не показываются.
two-factor-kept = Коды сохранены
two-factor-on = Двухфакторный вход включён.
two-factor-disable = Выключить
two-factor-rule = Второй фактор обязателен для
two-factor-everyone = Все
team-reset-two-factor = Сбросить второй фактор
login-code-title = Введите код
login-code-lead = Откройте приложение для кодов или используйте резервный код.
login-from-start = Войти под другим именем
login-again = Прошло слишком много времени. Войдите ещё раз.
problem-wrong-code = Код неверный или уже использован. Дождитесь следующего.
error-second-factor = Нужен второй фактор. Сначала настройте его в своём аккаунте.
two-factor-codes-left = { $count ->
    [one] Остался { $count } резервный код.
    [few] Осталось { $count } резервных кода.
   *[other] Осталось { $count } резервных кодов.
}
