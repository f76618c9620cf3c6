"""Fictitious names and agencies."""

from typing import Final

import numpy as np
import polars as pl

from demo.home_credit.population import Clients
from demo.home_credit.sampling import BoolArray, pick

AGENCIES: Final = {"Paris": 0.40, "Lyon": 0.25, "Lille": 0.20, "Bordeaux": 0.15}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN: Final = _words("""
    Adèle Agathe Agnès Aïcha Alice Amélie Amina Anaïs Andrée Anne Anouk Aurélie Aya Béatrice Bénédicte Bérénice
    Camille Capucine Catherine Cécile Céline Chantal Charlotte Chloé Claire Clémence Colette Corinne Delphine
    Denise Diane Élisabeth Élise Élodie Émilie Emma Estelle Éva Fanny Fatima Florence Françoise Gabrielle
    Geneviève Hélène Inès Ingrid Irène Isabelle Jacqueline Jeanne Joséphine Julie Juliette Karima Laëtitia Léa
    Leïla Lina Louise Lucie Maëlle Manon Margaux Marguerite Marianne Marie Marion Mathilde Maud Mélanie
    Micheline Monique Nadège Naïma Nathalie Nicole Noémie Océane Odile Pauline Pénélope Rachel Romane Rose
    Salomé Sandrine Sarah Simone Solène Sophie Stéphanie Suzanne Sylvie Thérèse Valérie Véronique Yasmine Yvette
    Zoé
""")
MEN: Final = _words("""
    Abel Adrien Alain Albert Alexandre Ali Alexis André Antoine Armand Arnaud Arthur Aurélien Baptiste Bastien
    Benoît Bernard Bruno Cédric Charles Christian Clément Cyril Damien Daniel Denis Didier Émile Éric Étienne
    Fabien Félix Florent François Frédéric Gaël Gaspard Gérard Gilles Grégoire Guillaume Hakim Henri Hugo
    Ibrahim Jacques Jean Jérémie Jérôme Joël Jonathan Joseph Jules Julien Karim Kévin Laurent Léo Léon Loïc
    Louis Lucas Ludovic Malik Marc Marcel Martin Mathéo Mathieu Maurice Maxime Mehdi Michel Mickaël Moussa
    Nathan Nicolas Noël Olivier Pascal Patrick Paul Philippe Pierre Quentin Raphaël Raymond Rémi René Robert
    Romain Samuel Sébastien Serge Stéphane Théo Thierry Thomas Valentin Victor Vincent Xavier Yann Yves Zacharie
""")
FAMILIES: Final = _words("""
    Adam André Antoine Arnaud Aubert Bailly Barbier Baron Benali Benoît Berger Bernard Bertin Besson Blanc
    Blanchard Bonnet Bouchet Boulanger Bourgeois Boyer Breton Brun Brunet Carpentier Caron Chevalier Clément
    Colin Collet Cordier Coulibaly Cousin David Delattre Delaunay Deschamps Diallo Diop Dubois Dufour Dumas
    Dumont Dupont Dupré Dupuis Durand Duval Étienne Évrard Fabre Fernandez Ferreira Fleury Fontaine Fournier
    François Gaillard Garcia Garnier Gauthier Gérard Germain Giraud Gonzalez Grégoire Guérin Guillot Haddad
    Hamel Henry Hernandez Hervé Hubert Jacquet Jolivet Joly Klein Lacroix Lambert Langlois Lebrun Leclercq
    Lecomte Lefèbvre Lefèvre Léger Legrand Lemaire Lemoine Leroux Leroy Lévêque Lopez Louis Lucas Mallet
    Marchand Maréchal Marie Martel Martin Martinez Masson Mathieu Ménard Mercier Meunier Meyer Michaud Millet
    Moreau Morel Morin Moulin Muller N’Diaye Nguyen Nicolas Noël Olivier Paris Pasquier Pelletier Perez Perrin
    Perrot Petit Philippe Picard Pichon Poirier Poulain Prévost Rémy Renard Renaud Rey Richard Rivière Robert
    Robin Roche Rodriguez Roger Rolland Rousseau Roussel Roux Roy Royer Sanchez Schmitt Simon Tessier Thomas
    Traoré Vasseur Vidal Vincent Weber Zimmermann
""")


def draw_identities(rng: np.random.Generator, clients: Clients, is_woman: BoolArray) -> pl.DataFrame:
    """SK_ID_CURR, FIRST_NAME, LAST_NAME and AGENCY of the clients, all invented."""
    count = len(clients.ids)
    women = np.array(WOMEN)[rng.integers(len(WOMEN), size=count)]
    men = np.array(MEN)[rng.integers(len(MEN), size=count)]
    agencies = pick(rng, AGENCIES, count)
    return pl.DataFrame(
        {
            "SK_ID_CURR": clients.ids,
            "FIRST_NAME": np.where(is_woman, women, men),
            "LAST_NAME": np.array(FAMILIES)[rng.integers(len(FAMILIES), size=count)],
            "AGENCY": np.array(agencies.levels)[agencies.codes],
        }
    )
