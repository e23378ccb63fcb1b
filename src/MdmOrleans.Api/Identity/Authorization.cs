using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Contracts.Http.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Api.Identity;

/// <summary>What a route asks of a key. A role includes those below it.</summary>
internal static class Authorization
{
    public const string Reads = "reads";
    public const string Operates = "operates";
    public const string Administers = "administers";

    /// <summary>What concerns the whole installation.</summary>
    public const string Installs = "installs";

    /// <summary>Pages about the whole process, for a browser.</summary>
    public const string Inspects = "inspects";

    /// <summary>Figures about the whole process, without a word about any tenant's devices.</summary>
    public const string Scrapes = "scrapes";

    public static void AddKeyAuthorization(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<IGrainFactory>().GetGrain<IKeyRing>(0));
        services.AddSingleton<KeyProofs>();

        // No scheme by default: a page that is open looks at no key, and so answers also while the keys cannot be read.
        services.AddAuthentication()
            .AddScheme<KeyAuthenticationOptions, KeyAuthentication>(KeyAuthentication.Bearer, _ => { })
            .AddScheme<KeyAuthenticationOptions, KeyAuthentication>(KeyAuthentication.Browser, options => options.AllowBasic = true);
        services.AddAuthorizationBuilder()
            .AddPolicy(Reads, policy => Bearer(policy).RequireRole(RoleNames.Reader))
            .AddPolicy(Operates, policy => Bearer(policy).RequireRole(RoleNames.Operator))
            .AddPolicy(Administers, policy => Bearer(policy).RequireRole(RoleNames.Admin))
            .AddPolicy(Installs, policy => Bearer(policy).RequireRole(RoleNames.Admin).RequireClaim(KeyAuthentication.AllTenants))
            .AddPolicy(Inspects, policy => Browser(policy).RequireRole(RoleNames.Admin))
            .AddPolicy(Scrapes, policy => Browser(policy).RequireRole(RoleNames.Reader))
            .SetFallbackPolicy(Bearer(new AuthorizationPolicyBuilder()).Build()); // what is open says so
    }

    private static AuthorizationPolicyBuilder Bearer(AuthorizationPolicyBuilder policy) =>
        policy.AddAuthenticationSchemes(KeyAuthentication.Bearer).RequireAuthenticatedUser();

    private static AuthorizationPolicyBuilder Browser(AuthorizationPolicyBuilder policy) =>
        policy.AddAuthenticationSchemes(KeyAuthentication.Browser).RequireAuthenticatedUser().RequireClaim(KeyAuthentication.AllTenants);
}
