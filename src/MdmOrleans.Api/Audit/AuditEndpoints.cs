using System.Buffers;
using System.Text.Json;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Audit;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Api.Audit;

internal static class AuditEndpoints
{
    private const string Ndjson = "application/x-ndjson";
    private const int PageSize = 500;
    private static readonly string[] Filters = ["actor", "action", "target", "from", "until"];

    public static void MapTenantAudit(this IEndpointRouteBuilder tenant)
    {
        var audit = tenant.MapGroup("/audit").WithTags("Audit").RequireAuthorization(Authorization.Reads);
        audit.MapGet("", ListTenantAsync).WithName("ListTenantAudit").TakesQuery(["limit", "after", .. Filters]);
        audit.MapGet("/export", ExportTenant).WithName("ExportTenantAudit").TakesQuery(Filters).Produces<AuditRecordBody>(contentType: Ndjson);
        audit.MapGet("/verify", VerifyTenantAsync).WithName("VerifyTenantAudit").TakesQuery("histories");
    }

    public static void MapInstallationAudit(this IEndpointRouteBuilder v1)
    {
        var audit = v1.MapGroup("/audit").WithTags("Audit").RequireAuthorization(Authorization.Installs);
        audit.MapGet("", ListAsync).WithName("ListAudit").TakesQuery(["limit", "after", .. Filters]);
        audit.MapGet("/export", Export).WithName("ExportAudit").TakesQuery(Filters).Produces<AuditRecordBody>(contentType: Ndjson);
        audit.MapGet("/verify", VerifyAsync).WithName("VerifyAudit").TakesQuery();
    }

    /// <summary>Reads the audit trail of a tenant</summary>
    /// <remarks>Who changed keys, policies, settings and webhooks of the tenant and who deleted devices, also where it was refused; ascending.</remarks>
    internal static Task<Results<Ok<Page<AuditRecordBody>>, ProblemResult>> ListTenantAsync(
        TenantScope scope, HttpRequest http, IAuditTrail trail, CancellationToken cancellationToken) =>
        PageAsync(scope.Id, http, trail, cancellationToken);

    /// <summary>Exports the audit trail of a tenant</summary>
    /// <remarks>All of it that passes the filter, a record a line (NDJSON).</remarks>
    internal static Results<PushStreamHttpResult, ProblemResult> ExportTenant(
        TenantScope scope, HttpRequest http, IAuditTrail trail, IOptions<JsonOptions> json, CancellationToken cancellationToken) =>
        Stream(scope.Id, http, trail, json, cancellationToken);

    /// <summary>Says whether the audit trail of a tenant is whole</summary>
    /// <remarks>
    /// Every record is sealed with the hash of the one before it, and the ends of all chains are anchored every day with a key that is not
    /// in the database. With <c>histories=true</c> the histories of all devices are compared with the newest anchor too, which takes its
    /// time in a large fleet.
    /// </remarks>
    internal static async Task<Results<Ok<AuditChainBody>, ProblemResult>> VerifyTenantAsync(
        TenantScope scope, HttpRequest http, ChainProofs proofs, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var histories = query.Text("histories", text => text is "true" or "false", "must be true or false.");
        return query.Problem is { } problem
            ? problem.ToHttp()
            : TypedResults.Ok((await proofs.ProveTrailAsync(scope.Id, histories == "true", cancellationToken)).ToBody());
    }

    /// <summary>Reads the audit trail of the installation</summary>
    /// <remarks>What belongs to no tenant, such as keys that see all tenants; ascending.</remarks>
    internal static Task<Results<Ok<Page<AuditRecordBody>>, ProblemResult>> ListAsync(
        HttpRequest http, IAuditTrail trail, CancellationToken cancellationToken) => PageAsync(null, http, trail, cancellationToken);

    /// <summary>Exports the audit trail of the installation</summary>
    /// <remarks>All of it that passes the filter, a record a line (NDJSON).</remarks>
    internal static Results<PushStreamHttpResult, ProblemResult> Export(
        HttpRequest http, IAuditTrail trail, IOptions<JsonOptions> json, CancellationToken cancellationToken) =>
        Stream(null, http, trail, json, cancellationToken);

    /// <summary>Says whether the audit trail of the installation is whole</summary>
    internal static async Task<Ok<AuditChainBody>> VerifyAsync(ChainProofs proofs, CancellationToken cancellationToken) =>
        TypedResults.Ok((await proofs.ProveTrailAsync(null, withHistories: false, cancellationToken)).ToBody());

    private static async Task<Results<Ok<Page<AuditRecordBody>>, ProblemResult>> PageAsync(
        TenantId? tenant, HttpRequest http, IAuditTrail trail, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", _ => true, "");
        var filter = ReadFilter(query);
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        long number = 0;
        if (after is not null && !AuditCursor.TryRead(tenant, after, out number))
        {
            return ProblemCatalog.CursorUnknown.ToHttp();
        }

        var records = await trail.ReadAsync(tenant, filter, number, limit, cancellationToken);
        return TypedResults.Ok(new Page<AuditRecordBody>(
            [.. records.Select(AuditWire.ToBody)], records.Length == limit ? AuditCursor.Write(tenant, records[^1].Number) : null));
    }

    private static Results<PushStreamHttpResult, ProblemResult> Stream(
        TenantId? tenant, HttpRequest http, IAuditTrail trail, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var filter = ReadFilter(query);
        return query.Problem is { } problem
            ? problem.ToHttp()
            : TypedResults.Stream(body => WriteAsync(body, tenant, filter, trail, json.Value.SerializerOptions, cancellationToken), Ndjson);
    }

    private static async Task WriteAsync(
        System.IO.Stream body, TenantId? tenant, AuditFilter filter, IAuditTrail trail, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        var page = await trail.ReadAsync(tenant, filter, 0, PageSize, cancellationToken);
        while (!page.IsEmpty)
        {
            var lines = new ArrayBufferWriter<byte>();
            foreach (var record in page)
            {
                using var writer = new Utf8JsonWriter(lines, new JsonWriterOptions { Encoder = json.Encoder });
                JsonSerializer.Serialize(writer, record.ToBody(), json);
                lines.Write("\n"u8);
            }

            await body.WriteAsync(lines.WrittenMemory, cancellationToken);
            page = page.Length < PageSize ? [] : await trail.ReadAsync(tenant, filter, page[^1].Number, PageSize, cancellationToken);
        }
    }

    private static AuditFilter ReadFilter(QueryReader query) => new()
    {
        Actor = query.Text("actor", IsFilter, "must be 1 to 200 characters, such as key:admin."),
        Action = query.Text("action", IsFilter, "must be 1 to 200 characters, such as policy.put."),
        Target = query.Text("target", IsFilter, "must be 1 to 200 characters, such as policy:baseline."),
        From = query.Instant("from"),
        Until = query.Instant("until"),
    };

    private static bool IsFilter(string text) => text.Length is >= 1 and <= 200 && !text.Contains('\0', StringComparison.Ordinal);
}
