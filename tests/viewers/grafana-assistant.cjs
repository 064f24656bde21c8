// SPDX-License-Identifier: GPL-2.0
// In place of @grafana/assistant, a button that the flame graph may have.
exports.OpenAssistantButton = () => null;
