package reference

import "github.com/esconform/esconform/internal/reference/xcontent"

// connectorParsers are those of the connector routes, and of stored connectors.
func (p *parsers) connectorParsers(part *connectorParts) {
	date := func(name string) xcontent.Field { return xcontent.TextOrNullAs(name, readDate(name)) }
	syncStatus := func(name string) xcontent.Field {
		return xcontent.TextOrNullAs(name, readEnum(syncStatuses, "ConnectorSyncStatus"))
	}
	status := xcontent.TextAs("status", readEnum(connectorStatuses, "ConnectorStatus"))
	p.connector = parser("connector_put_request", xcontent.Text("description"), xcontent.TextOrNull("index_name"),
		xcontent.Boolean("is_native"), xcontent.Text("language"), xcontent.Text("name"), xcontent.Text("service_type"))
	p.name = parser("connector_update_name_request", xcontent.TextOrNull("name"), xcontent.TextOrNull("description"))
	p.indexName = parser("connector_update_index_name_request", xcontent.TextOrNull("index_name").NeedsIt())
	p.serviceType = parser("connector_update_service_type_request", xcontent.Text("service_type").NeedsIt())
	p.status = parser("connector_update_status_request", status)
	p.connError = parser("connector_update_error_request", xcontent.TextOrNull("error").NeedsIt())
	p.native = parser("connector_update_native_request", xcontent.Boolean("is_native").NeedsIt())
	p.apiKey = parser("connector_update_api_key_id_request", xcontent.TextOrNull("api_key_id"), xcontent.TextOrNull("api_key_secret_id"))
	p.pipeline = parser("connector_update_pipeline_request", xcontent.Nested("pipeline", part.pipeline).NeedsIt())
	p.scheduling = parser("connector_update_scheduling_request", xcontent.Nested("scheduling", part.scheduling).NeedsIt())
	p.features = parser("connector_update_features_request", xcontent.Nested("features", part.features))
	lastSync := func(count func(string) xcontent.Field) []xcontent.Field {
		return []xcontent.Field{
			xcontent.TextOrNull("last_access_control_sync_error"), date("last_access_control_sync_scheduled_at"),
			syncStatus("last_access_control_sync_status"), count("last_deleted_document_count"),
			date("last_incremental_sync_scheduled_at"), count("last_indexed_document_count"),
			xcontent.TextOrNull("last_sync_error"), date("last_sync_scheduled_at"), syncStatus("last_sync_status"),
			date("last_synced"), xcontent.MapOrNull("sync_cursor"),
		}
	}
	p.lastSync = parser("connector_update_last_sync_stats_request", lastSync(xcontent.Long)...)
	configuration := xcontent.NestedMap("configuration", part.configuration)
	p.configuration = parser("connector_update_configuration_request", configuration, xcontent.LooseMap("values"))
	p.validation = parser("connector_update_filtering_validation", xcontent.Nested("validation", part.validation).NeedsIt())
	filtering := xcontent.NestedList("filtering", part.filtering)
	p.filtering = parser("connector_update_filtering_request", filtering,
		xcontent.NestedList("rules", part.rule), xcontent.Nested("advanced_snippet", part.snippet))
	p.storedFiltering = lenient("connector_filtering_parser", filtering.NeedsIt())
	p.storedConnector = lenient("connector", append(lastSync(xcontent.LongOrNull), xcontent.TextOrNull("api_key_id"), xcontent.TextOrNull("api_key_secret_id"),
		configuration, xcontent.NestedMap("custom_scheduling", part.customSchedule), xcontent.TextOrNull("description"),
		xcontent.TextOrNull("error"), xcontent.NestedOrNull("features", part.features), filtering, xcontent.TextOrNull("index_name"),
		xcontent.Boolean("is_native"), xcontent.TextOrNull("language"), date("last_seen"), xcontent.TextOrNull("name"),
		xcontent.NestedOrNull("pipeline", part.pipeline), xcontent.Nested("scheduling", part.scheduling), xcontent.TextOrNull("service_type"),
		status, xcontent.Boolean("sync_now"), xcontent.Boolean("deleted"))...)
}
