// Enhances the pages, which all work without scripts. Each module handles the parts of a page that it finds.

import "./kernel/live_stream.js";
import "./chats/conversation.js";
import "./chats/message_log.js";
import "./chats/chat_list.js";
import "./chats/read_tracking.js";
import "./chats/presence.js";
import "./chats/composer.js";
import "./kernel/search_field.js";
import "./clients/row_selection.js";
import "./kernel/forms.js";
import "./kernel/shortcuts.js";
import "./clients/client_page.js";
import "./kernel/spotlight.js";
import "./clients/import_progress.js";
import "./kernel/register_worker.js";
import "./kernel/copy_field.js";
import "./chats/service_window.js";
import "./chats/whatsapp_template_form.js";
import "./settings/template_editor.js";
import "./settings/layout_preferences.js";
import "./dev/simulator.js";
import "./kernel/browser_notifications.js";
